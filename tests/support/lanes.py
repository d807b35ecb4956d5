"""How tests that run beside each other are dealt out: by file, but who shares a gateway or a browser stays together.

These lanes take longest and mostly wait, so they begin first and the rest of the suite goes on beside them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xdist.scheduler import LoadScopeScheduling

if TYPE_CHECKING:
    import pytest

LANES = ("tests/browser/", "tests/openclaw/")


class Lanes(LoadScopeScheduling):
    """A lane to one worker, any other file to the next that is free."""

    def _split_scope(self, nodeid: str) -> str:
        return lane_of(nodeid) or nodeid.partition("::")[0]


def lane_of(nodeid: str) -> str | None:
    """The lane a test is in, if it is in one."""
    return next((lane for lane in LANES if nodeid.startswith(lane)), None)


def lanes_first(items: list[pytest.Item]) -> None:
    """Put the lanes in front, their tests in order."""
    items.sort(key=lambda item: lane_of(item.nodeid) is None)
