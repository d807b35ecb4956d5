"""Show how far long work is: a line that moves on a terminal, plain lines elsewhere. On stderr."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from vestibule.launchers import install
from vestibule.launchers.port import Launcher, LaunchState, LaunchStatus


class _Display:
    """A spinner with a text, and a bar where the total is known."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        self._last = ""
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
        )
        self._task = self._bar.add_task("", total=None, visible=False)

    def show(self, text: str, done: int = 0, total: int = 0) -> None:
        self._bar.update(self._task, description=text, completed=done, total=total or None, visible=True)
        first_words = text.partition(" (")[0]
        if not self._console.is_terminal and first_words != self._last:
            self._last = first_words
            self._console.print(f"{first_words}…", highlight=False)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()


class InstallProgress(_Display):
    """The installation of OpenClaw (`install.Report`)."""

    def __call__(self, progress: install.Progress) -> None:
        """A step further."""
        self.show(progress.phase, progress.done, progress.total)


class StartProgress(_Display):
    """The start of an owner's gateway."""

    def __init__(self, launcher: Launcher, owner: str) -> None:
        super().__init__()
        self._launcher = launcher
        self._owner = owner
        self._unwatch: Callable[[], None] = lambda: None

    def __enter__(self) -> Self:
        self._unwatch = self._launcher.watch(self._seen)
        return super().__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._unwatch()
        super().__exit__(kind, error, trace)

    def _seen(self, status: LaunchStatus) -> None:
        if status.owner == self._owner and status.state in (LaunchState.STARTING, LaunchState.EXITED):
            self.show(status.text)
