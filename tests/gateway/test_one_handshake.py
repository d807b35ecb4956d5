from __future__ import annotations

import ast
from pathlib import Path

import vestibule

ROOT = Path(vestibule.__file__).parent
NOT_SHIPPED_WITH_THE_DOOR = ("testing",)


def _importing(module: str, names: set[str]) -> set[str]:
    found = set()
    for path in ROOT.rglob("*.py"):
        where = path.relative_to(ROOT)
        if where.parts[0] in NOT_SHIPPED_WITH_THE_DOOR:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.ImportFrom)
                and node.module == module
                and names & {each.name for each in node.names}
            ):
                found.add(where.as_posix())
    return found


def test_there_is_one_handshake_and_one_place_that_runs_it() -> None:
    """P15: nobody but the dialer builds a Handshake, and nobody but the dialer opens a socket to a gateway."""
    assert _importing("vestibule.protocol.handshake", {"Handshake"}) == {"gateway/dialer.py"}
    assert _importing("vestibule.sockets.native", {"connect"}) == {"gateway/dialer.py"}


def test_connect_is_written_in_one_place() -> None:
    """P15: a second hand-written `connect` would break at the next release of the gateway."""
    wrote = {
        path.relative_to(ROOT).as_posix()
        for path in ROOT.rglob("*.py")
        if path.relative_to(ROOT).parts[0] not in NOT_SHIPPED_WITH_THE_DOOR and "minProtocol" in path.read_text()
    }
    assert wrote == {"protocol/handshake.py"}
