"""S1 for a door as people run it: its whole log at level `debug`, and all its client hears, without a secret."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sqlite3
import sys
from typing import TYPE_CHECKING

from support.realroad import PATIENCE_S, new_session
from support.waiting import eventually
from vestibule.client import connect
from vestibule.directory import open_directory
from vestibule.directory.keys import SecretKey
from vestibule.testing import Reply

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from support.openclaw import RealGateway
