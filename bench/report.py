"""The table of a run, in Markdown. Pure."""

from __future__ import annotations

from typing import Any

from bench.cells import CELLS
from bench.ratios import Band, band, within_rounds

Row = dict[str, Any]
OURS = "ours"
OTHERS = ("s", "node", "nginx", "floor")


class Run:
    """The slices of a run, by cell and relay."""

    def __init__(self, rows: list[Row]) -> None:
        self._rows = {(row["cell"], row["relay"], row["round"]): row for row in rows if row["counts"]}
        measured = {row["cell"] for row in rows}
        self.cells = [cell for cell in CELLS if cell in measured]
        self.relays = list(dict.fromkeys(row["relay"] for row in rows))
        self.rounds = 1 + max((row["round"] for row in rows), default=-1)

    def values(self, cell: str, relay: str, what: str = "us") -> list[float | None]:
        """One value a round; None where it does not count."""
        rows = (self._rows.get((cell, relay, number)) for number in range(self.rounds))
        return [None if row is None else row[what] for row in rows]

    def median(self, cell: str, relay: str, what: str = "us") -> float | None:
        """Over all rounds that count."""
        known = [value for value in self.values(cell, relay, what) if value is not None]
        return band(known).median if known else None

    def ratio(self, cell: str, above: str, below: str, what: str = "us") -> Band | None:
        """Within rounds."""
        return within_rounds(self.values(cell, above, what), self.values(cell, below, what))


def table(run: Run) -> str:
    """`cell | us ours | S/ours | node/ours | ours/nginx | ours/floor | p50 over nginx | p99 over nginx`."""
    head = "| cell | us ours | S/ours | node/ours | ours/nginx | ours/floor | p50/nginx | p99/nginx |"
    lines = [head, "|---|---|---|---|---|---|---|---|"]
    for cell in run.cells:
        ours = run.median(cell, OURS)
        columns = [
            cell,
            "-" if ours is None else f"{ours:.2f}",
            _shown(run.ratio(cell, "s", OURS)),
            _shown(run.ratio(cell, "node", OURS)),
            _shown(run.ratio(cell, OURS, "nginx")),
            _shown(run.ratio(cell, OURS, "floor")),
            _shown(run.ratio(cell, OURS, "nginx", "p50_us")),
            _shown(run.ratio(cell, OURS, "nginx", "p99_us")),
        ]
        lines.append(f"| {' | '.join(columns)} |")
    return "\n".join(lines)


def variants(run: Run) -> str:
    """What each feature costs: ours over ours without it."""
    names = [name for name in run.relays if name.startswith("ours-")]
    if not names:
        return ""
    lines = [f"| cell | {' | '.join(f'ours/{name}' for name in names)} |", "|---|" + "---|" * len(names)]
    for cell in run.cells:
        lines.append(f"| {cell} | {' | '.join(_shown(run.ratio(cell, OURS, name)) for name in names)} |")
    return "\n".join(lines)


def _shown(ratio: Band | None) -> str:
    return "-" if ratio is None else f"**{ratio.median:.2f}** [{ratio.low:.2f}..{ratio.high:.2f}]"
