"""The tables of a run, in Markdown. Pure."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bench import cells, hol, memory, slowtab, storm, syscalls, verify
from bench.goals import OWN, Goal, Verdict, judge
from bench.results import OURS, Run

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bench.ratios import Band

WITHOUT = "ours-"
COSTED = (*cells.ROAD, *storm.CELLS)


def report(run: Run, goals: list[Goal], notes: str) -> str:
    """Everything there is to say of a run; `notes` is what a person makes of it."""
    parts = [
        "# Results",
        "Written by `python -m bench report`; [README.md](README.md) has the cells, the relays and the method.",
        "\n".join(f"- {about}" for about in run.about),
        f"Counted are slices during which others used at most {run.most_foreign:.0%} of the machine: "
        "`rounds` is how many of ours.",
        tables(run),
        goals_section(run, goals),
        notes.strip(),
    ]
    return "\n\n".join(parts) + "\n"


def tables(run: Run) -> str:
    """All tables there are rows for."""
    sections = {
        "CPU per call, per frame delivered, per user who comes": costs(run, COSTED),
        "Median latency, one call in flight, in us": by_relay(run, cells.LATENCY, "p50_us", "{:.0f}"),
        "Resident memory per user, in KiB": by_relay(run, memory.CELLS, "kib", "{:.1f}"),
        "A tenth of the gateways hang: the others' users": figures(
            run,
            hol.CELLS,
            {
                "answered": ("answered_percent", "{:.1f} %"),
                "p50, us": ("p50_us", "{:.0f}"),
                "p99, us": ("p99_us", "{:.0f}"),
                "p99 when none hangs, us": ("calm_p99_us", "{:.0f}"),
                "p99 over that": ("p99_ratio", "{:.2f}"),
            },
        ),
        "A tab that reads nothing: its siblings": figures(
            run,
            slowtab.CELLS,
            {
                "p50, us": ("p50_us", "{:.0f}"),
                "p99, us": ("p99_us", "{:.0f}"),
                "p99 when it reads, us": ("alone_p99_us", "{:.0f}"),
                "p99 over that": ("p99_ratio", "{:.2f}"),
                "memory grown, MiB": ("grown_mib", "{:.1f}"),
                "closed with": ("close_code", "{:.0f}"),
            },
        ),
        "`agent_chat`": figures(
            run,
            cells.CHAT,
            {
                "us per increment": ("us", "{:.2f}"),
                "p50, us": ("p50_us", "{:.0f}"),
                "p99, us": ("p99_us", "{:.0f}"),
            },
        ),
        "System calls per call, and per frame delivered": by_relay(run, syscalls.CELLS, "calls", "{:.3f}"),
        "Bytes and ids": figures(
            run, verify.CELLS, {"answers compared": ("compared", "{:.0f}"), "wrong": ("wrong", "{:.0f}")}
        ),
        "What each thing costs: ours over ours without it": without(run),
        "What went wrong": errors(run),
    }
    return "\n\n".join(f"## {title}\n\n{table}" for title, table in sections.items() if table)


def costs(run: Run, names: Iterable[str]) -> str:
    """CPU of ours, and ratios within rounds: median with the 20th and 80th percentile."""
    head = ("cell", "rounds", "us ours", "S/ours", "node/ours", "ours/nginx", "ours/floor", "p50/nginx", "p99/nginx")
    lines = [
        (
            cell,
            str(run.used(cell, OURS)),
            _middle(run.band(cell, OURS), "{:.2f}"),
            _ratio(run.ratio(cell, "s", OURS)),
            _ratio(run.ratio(cell, "node", OURS)),
            _ratio(run.ratio(cell, OURS, "nginx")),
            _ratio(run.ratio(cell, OURS, "floor")),
            _ratio(run.ratio(cell, OURS, "nginx", "p50_us")),
            _ratio(run.ratio(cell, OURS, "nginx", "p99_us")),
            _failed(run, cell),
        )
        for cell in names
        if run.measured(cell, OURS)
    ]
    return _table((*head, "errors"), lines)


def by_relay(run: Run, names: Iterable[str], what: str, form: str) -> str:
    """The median of one value for each relay."""
    relays = [relay for relay in run.relays if any(run.measured(cell, relay) for cell in names)]
    lines = [
        (
            cell,
            str(run.used(cell, OURS)),
            *(_middle(run.band(cell, relay, what), form) for relay in relays),
            _failed(run, cell),
        )
        for cell in names
        if cell in run.cells
    ]
    return _table(("cell", "rounds", *relays, "errors"), lines)


def figures(run: Run, names: Iterable[str], columns: dict[str, tuple[str, str]]) -> str:
    """Medians of several values, a line for each relay: `{head: (value, how it is written)}`."""
    lines = [
        (
            relay,
            str(run.used(cell, relay)),
            *(_middle(run.band(cell, relay, what), form) for what, form in columns.values()),
            str(len(run.errors(cell).get(relay, []))),
        )
        for cell in names
        for relay in run.relays
        if run.measured(cell, relay)
    ]
    return _table(("relay", "rounds", *columns, "errors"), lines)


def without(run: Run) -> str:
    """What each feature costs."""
    names = [relay for relay in run.relays if relay.startswith(WITHOUT)]
    lines = [
        (cell, *(_ratio(run.ratio(cell, OURS, name)) for name in names))
        for cell in cells.ROAD
        if any(run.measured(cell, name) for name in names)
    ]
    return _table(("cell", *names), lines)


def errors(run: Run) -> str:
    """The first error of each relay in each cell."""
    lines = [
        (cell, relay, str(len(texts)), texts[0].splitlines()[0].replace("|", "\\|"))
        for cell in run.cells
        for relay, texts in run.errors(cell).items()
    ]
    return _table(("cell", "relay", "slices", "the first"), lines)


def goals_section(run: Run, goals: list[Goal]) -> str:
    """Each goal, what was measured, and the verdict; then how many there are of each."""
    judged = [judge(goal, run) for goal in goals]
    lines = [
        (
            each.goal.cell,
            _bound(each.goal),
            "-" if each.goal.stretch is None else f"{each.goal.stretch:g}",
            _ratio(each.band),
            str(each.verdict) if each.verdict in (Verdict.MET, Verdict.STRETCH) else each.verdict.upper(),
        )
        for each in judged
        if each.verdict is not Verdict.MISSING
    ]
    count = Counter(each.verdict for each in judged)
    tally = ", ".join(f"{count[verdict]} {verdict}" for verdict in Verdict if count[verdict])
    return f"## Goals\n\n{_table(('cell', 'goal', 'stretch', 'measured', ''), lines)}\n\n{tally}."


def _bound(goal: Goal) -> str:
    if goal.against == OWN:
        what = goal.value
    elif goal.kind == "less":
        what = f"{goal.value}: {goal.against}/ours"
    else:
        what = f"{goal.value}: ours/{goal.against}"
    return f"{what} {'<=' if goal.kind == 'most' else '>='} {goal.bound:g}"


def _failed(run: Run, cell: str) -> str:
    return ", ".join(f"{relay} {len(texts)}" for relay, texts in run.errors(cell).items()) or "-"


def _middle(band: Band | None, form: str) -> str:
    return "-" if band is None else form.format(band.median)


def _ratio(ratio: Band | None) -> str:
    return "-" if ratio is None else f"**{ratio.median:.2f}** [{ratio.low:.2f}..{ratio.high:.2f}]"


def _table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """Nothing when there are no lines."""
    if not lines:
        return ""
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, ["---"] * len(head), *lines))
