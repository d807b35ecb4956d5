"""The command line. `main` is the entry point; everything behind it is loaded when a command runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line (that of the process by default) and return its exit code."""
    from vestibule.cli.app import run

    return run(argv)
