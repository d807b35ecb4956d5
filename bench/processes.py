"""Process trees as /proc tells them."""

from __future__ import annotations

import os
from pathlib import Path

PROC = Path("/proc")


def tree(pid: int) -> list[int]:
    """The process and all its descendants."""
    found = [pid]
    for each in found:
        for task in tasks(each):
            children = read(PROC / str(each) / "task" / task / "children")
            found.extend(int(child) for child in children.split())
    return found


def tasks(pid: int) -> list[str]:
    """The threads of a process; none when it has ended."""
    try:
        return os.listdir(PROC / str(pid) / "task")
    except OSError:
        return []


def read(path: Path) -> str:
    """What a file says; nothing when its process has ended."""
    try:
        return path.read_text()
    except OSError:
        return ""
