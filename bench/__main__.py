"""python -m bench: what the road costs, beside other relays."""

from __future__ import annotations

import argparse
import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bench import generator, goals, machine, report, runner
from bench.progress import Progress
from bench.results import MOST_FOREIGN, Run
from bench.suites import SUITES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from bench.results import Row
    from bench.suites import Suite

EVERYTHING = "all"
NOTES = Path(__file__).with_name("NOTES.md")
"""Why goals are missed, written by hand: the end of RESULTS.md."""


def main() -> int:
    """The exit code: 0 done, 1 a goal is not reached or nothing could be measured, 130 interrupted."""
    args = _parser().parse_args()
    try:
        return int(args.run(args))
    except KeyboardInterrupt:
        return 130
    except generator.Ended as error:
        print(error, file=sys.stderr)
        return 1


def _measure(args: argparse.Namespace) -> int:
    """Runs suites; what there is by now is in the file after every round."""
    suites = {name: _chosen(SUITES[name], args) for name in args.suites}
    generator.build()
    rows: list[Row] = []
    progress = Progress(suites, lambda text: print(text, file=sys.stderr))
    about = f"{', '.join(suites)}: {machine.described()}"
    first = 0
    for name, suite in suites.items():
        progress.suite(name)
        for measured in runner.rounds(suite, first=first):
            rows += measured
            Run(rows, [about]).write(args.out)
            progress.round(name, measured)
        first += suite.rounds
    run = Run(rows)
    print(f"{report.tables(run)}\n\n{report.goals_section(run, goals.read())}\n\nKept in {args.out}.")
    return 0


def _check(args: argparse.Namespace) -> int:
    run = Run.of_files(args.files, args.foreign)
    wanted = goals.read(args.goals)
    print(report.goals_section(run, wanted))
    return int(any(goals.judge(goal, run).verdict in goals.UNSHOWN for goal in wanted))


def _report(args: argparse.Namespace) -> int:
    print(report.report(Run.of_files(args.files, args.foreign), goals.read(args.goals), NOTES.read_text()), end="")
    return 0


def _chosen(suite: Suite, args: argparse.Namespace) -> Suite:
    """The suite with what the command line says otherwise."""
    return replace(
        suite,
        rounds=args.rounds or suite.rounds,
        cells=args.cells or suite.cells,
        relays=args.relays or suite.relays,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    commands = parser.add_subparsers(required=True)
    everything = commands.add_parser(EVERYTHING, help="all of the following, one after the other")
    everything.set_defaults(suites=list(SUITES), cells=None, relays=None)
    for name, suite in SUITES.items():
        one = commands.add_parser(name, help=suite.about)
        one.add_argument("--cells", type=_names(suite.cells), help=f"of {', '.join(suite.cells)}")
        one.add_argument("--relays", type=_names(suite.start), help=f"of {', '.join(suite.start)}")
        one.set_defaults(suites=[name])
    for name, command in commands.choices.items():
        command.add_argument("--rounds", type=int, help="at least 6 for ratios to quote")
        out = generator.PROGRAMS / f"{name}.json"
        command.add_argument("--out", type=Path, default=out, help="where every slice is kept, as JSON")
        command.set_defaults(run=_measure)
    for name, run, about in (
        ("check", _check, "results beside the goals: exit code 1 where one is not reached"),
        ("report", _report, "results as Markdown"),
    ):
        judging = commands.add_parser(name, help=about)
        judging.add_argument("files", type=Path, nargs="+", help="rounds of several files count together")
        judging.add_argument("--goals", type=Path, default=goals.GOALS)
        judging.add_argument(
            "--foreign",
            type=float,
            default=MOST_FOREIGN,
            help=f"share of the machine others may have had in a slice that counts (default {MOST_FOREIGN})",
        )
        judging.set_defaults(run=run)
    return parser


def _names(known: Collection[str]) -> Callable[[str], tuple[str, ...]]:
    def names(text: str) -> tuple[str, ...]:
        chosen = tuple(text.split(","))
        if wrong := [name for name in chosen if name not in known]:
            raise argparse.ArgumentTypeError(f"{', '.join(wrong)}: not among {', '.join(known)}")
        return chosen

    return names


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is stopped
    sys.exit(main())
