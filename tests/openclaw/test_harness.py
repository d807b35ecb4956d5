"""The harness itself: what other tests of this folder rely on, for both versions."""

from __future__ import annotations
