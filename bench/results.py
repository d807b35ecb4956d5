"""What was measured: one row a slice, kept as JSON, and what rows of many rounds say together."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Self

from bench.ratios import Band, band, within_rounds

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

OURS = "ours"
_ORDER = ("s", "node", "nginx", "floor", OURS)
MOST_FOREIGN = 0.4
"""A slice during which others used more of the machine than this is not counted."""

Values = dict[str, float]
"""By name: `us` (CPU per unit), `p50_us`, `p99_us`, `units`, `foreign`, and what else a cell is about."""


@dataclass(frozen=True)
class Row:
    """What one relay did in one cell in one round."""

    cell: str
    relay: str
    round: int
    values: Values
    error: str | None = None

    def counts(self, most_foreign: float = MOST_FOREIGN) -> bool:
        """Whether its values mean something."""
        return self.error is None and self.values.get("foreign", 0.0) <= most_foreign


class Run:
    """The rows of one run, or of several taken together."""

    def __init__(self, rows: Iterable[Row], about: Iterable[str] = (), most_foreign: float = MOST_FOREIGN) -> None:
        self.rows = list(rows)
        self.about = list(about)
        self.cells = list(dict.fromkeys(row.cell for row in self.rows))
        self.relays = sorted({row.relay for row in self.rows}, key=_place)
        self.rounds = 1 + max((row.round for row in self.rows), default=-1)
        self.most_foreign = most_foreign
        self._counted = {(row.cell, row.relay, row.round): row for row in self.rows if row.counts(most_foreign)}

    @classmethod
    def of_files(cls, paths: Iterable[Path], most_foreign: float = MOST_FOREIGN) -> Self:
        """Rounds of a later file come after those of an earlier one."""
        rows: list[Row] = []
        about: list[str] = []
        for path in paths:
            kept: dict[str, Any] = json.loads(path.read_text())
            first = 1 + max((row.round for row in rows), default=-1)
            read = [Row(**row) for row in kept["rows"]]
            rows += [replace(row, round=row.round + first) for row in read]
            about += kept["about"]
        return cls(rows, about, most_foreign)

    def write(self, path: Path) -> None:
        """As one JSON file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"about": self.about, "rows": [asdict(row) for row in self.rows]}, indent=1) + "\n")

    def measured(self, cell: str, relay: str) -> bool:
        """Whether it was tried at all."""
        return any(row.cell == cell and row.relay == relay for row in self.rows)

    def values(self, cell: str, relay: str, what: str = "us") -> list[float | None]:
        """One value a round; None where it does not count."""
        rows = (self._counted.get((cell, relay, number)) for number in range(self.rounds))
        return [None if row is None else row.values.get(what) for row in rows]

    def used(self, cell: str, relay: str) -> int:
        """How many rounds count."""
        return sum((cell, relay, number) in self._counted for number in range(self.rounds))

    def band(self, cell: str, relay: str, what: str = "us") -> Band | None:
        """Over all rounds that count."""
        known = [value for value in self.values(cell, relay, what) if value is not None]
        return band(known) if known else None

    def ratio(self, cell: str, above: str, below: str, what: str = "us") -> Band | None:
        """Within rounds."""
        return within_rounds(self.values(cell, above, what), self.values(cell, below, what))

    def errors(self, cell: str) -> dict[str, list[str]]:
        """What went wrong, by relay."""
        wrong: dict[str, list[str]] = {}
        for row in self.rows:
            if row.cell == cell and row.error is not None:
                wrong.setdefault(row.relay, []).append(row.error)
        return wrong


def _place(relay: str) -> tuple[int, str]:
    """Variants of ours come last."""
    return (_ORDER.index(relay) if relay in _ORDER else len(_ORDER)), relay
