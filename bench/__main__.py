"""python -m bench: what the road costs, beside other relays."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bench import generator
from bench.cells import CELLS, MOST_USERS
from bench.machine import described
from bench.pair import rounds
from bench.relays import RELAYS, NotStarted, Started
from bench.report import Run, table, variants

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

DEFAULT_RELAYS = ("s", "node", "nginx", "floor", "ours")


def main() -> int:
    """The exit code: 0 done, 1 something could not be measured."""
    args = _parser().parse_args()
    generator.build()
    try:
        return int(args.run(args))
    except (NotStarted, generator.Failed) as error:
        print(error, file=sys.stderr)
        return 1


def _pair(args: argparse.Namespace) -> int:
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        generator.Generator() as load,
        Started(args.relays, load.gateway_port, Path(folder), users=MOST_USERS) as started,
    ):
        rows = rounds(load, started.relays, args.cells, args.rounds, lambda text: print(text, file=sys.stderr))
    run = Run(rows)
    about = described()
    text = "\n\n".join(filter(None, [about, table(run), variants(run)]))
    print(text)
    if args.out is not None:
        args.out.write_text(json.dumps({"about": about, "rows": rows}, indent=1) + "\n")
    if args.results is not None:
        args.results.write_text(f"# Results\n\nWritten by `python -m bench pair`.\n\n{text}\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    commands = parser.add_subparsers(required=True)
    pair = commands.add_parser("pair", help="relays side by side: CPU per unit, ratios within rounds")
    pair.add_argument("--cells", type=_names(CELLS), default=list(CELLS), help=f"of {', '.join(CELLS)}")
    pair.add_argument("--relays", type=_names(RELAYS), default=list(DEFAULT_RELAYS), help=f"of {', '.join(RELAYS)}")
    pair.add_argument("--rounds", type=int, default=6, help="at least 6 for numbers to quote (default 6)")
    pair.add_argument("--out", type=Path, help="every slice, as JSON")
    pair.add_argument("--results", type=Path, help="the tables, as Markdown")
    pair.set_defaults(run=_pair)
    return parser


def _names(known: Collection[str]) -> Callable[[str], list[str]]:
    def names(text: str) -> list[str]:
        chosen = text.split(",")
        if wrong := [name for name in chosen if name not in known]:
            raise argparse.ArgumentTypeError(f"{', '.join(wrong)}: not among {', '.join(known)}")
        return chosen

    return names


if __name__ == "__main__":
    sys.exit(main())
