"""Show an installation on a terminal, or as lines where there is none.

with InstallDisplay() as display:
    await ensure(cache, version, report=display)
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

if TYPE_CHECKING:
    from types import TracebackType

    from vestibule.launchers.install import Progress

_LINE_EVERY_S = 10.0


class InstallDisplay:
    """Takes the progress of an installation. Prints nothing if there is none to tell."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        console = Console(file=self._stream)
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(20), TextColumn("{task.fields[count]}"))
        self._bars = Bars(*columns, TimeElapsedColumn(), console=console) if console.is_terminal else None
        self._phase = ""
        self._last_line_s = 0.0

    def __enter__(self) -> InstallDisplay:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bars is not None:
            self._bars.stop()

    def __call__(self, progress: Progress) -> None:
        """Show how far it is."""
        if self._bars is not None:
            self._draw(self._bars, progress)
        elif progress.phase != self._phase or progress.elapsed_s - self._last_line_s >= _LINE_EVERY_S:
            self._last_line_s = progress.elapsed_s
            print(f"{progress.phase} {_count(progress)} ({progress.elapsed_s:.0f} s)", file=self._stream, flush=True)
        self._phase = progress.phase

    def _draw(self, bars: Bars, progress: Progress) -> None:
        total = progress.total or None
        if progress.phase != self._phase:
            bars.start()
            for task in bars.task_ids:
                bars.update(task, total=1, completed=1)
            bars.add_task(progress.phase, total=total, completed=progress.done, count=_count(progress))
        else:
            bars.update(bars.task_ids[-1], total=total, completed=progress.done, count=_count(progress))


def _count(progress: Progress) -> str:
    if not progress.done:
        return "…"
    return f"{progress.done} of {progress.total} packages" if progress.total else f"{progress.done} packages"
