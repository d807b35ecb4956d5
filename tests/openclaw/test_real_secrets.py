"""S1 for a door as people run it: its whole log at level `debug`, and all its client hears, without a secret."""

from __future__ import annotations
