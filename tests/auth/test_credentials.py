from __future__ import annotations

from typing import Any

import pytest

from vestibule.auth.credentials import (
    Credential,
    Ticket,
    Token,
    find_credential,
    offered_subprotocols,
    select_subprotocol,
)


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ({}, None),
        ({"authorization": "Bearer abc.def"}, Token("abc.def")),
        ({"authorization": "bearer   abc "}, Token("abc")),
        ({"authorization": "Bearer "}, None),
        ({"authorization": "Basic abc"}, None),
        ({"authorization": ""}, None),
        ({"subprotocols": ["vestibule.v1", "vestibule.token.abc.def"]}, Token("abc.def")),
        ({"subprotocols": ["vestibule.v1", "vestibule.token."]}, None),
        ({"query": "ticket=t1"}, Ticket("t1")),
        ({"query": "?x=1&token=abc%2Edef"}, Token("abc.def")),
        ({"query": b"token=a+b"}, Token("a b")),
        ({"query": "token=first&token=second"}, Token("first")),
        ({"query": "token=&ticket="}, None),
        ({"query": "token"}, None),
        ({"query": "%74oken=abc"}, None),
        ({"query": "Token=abc"}, None),
        ({"query": b"\xff=\xfe"}, None),
        ({"query": "token=abc&ticket=t1"}, Ticket("t1")),
        ({"authorization": "Bearer a", "subprotocols": ["vestibule.token.b"], "query": "ticket=c"}, Token("a")),
        ({"authorization": "Basic x", "subprotocols": ["vestibule.token.b"], "query": "ticket=c"}, Token("b")),
    ],
)
def test_where_credentials_are_found(where: dict[str, Any], found: Credential | None) -> None:
    """S2: in documented places, the most private first; an escaped name would get by the log's scrubbing."""
    assert find_credential(**where) == found


def test_subprotocols() -> None:
    """S2: the answer never repeats the token."""
    offered = offered_subprotocols("vestibule.token.abc,  vestibule.v1 ,,x")
    assert offered == ("vestibule.token.abc", "vestibule.v1", "x")
    assert select_subprotocol(offered) == "vestibule.v1"
    assert select_subprotocol(["vestibule.token.abc"]) is None
    assert offered_subprotocols(None) == ()


def test_credentials_do_not_show_themselves() -> None:
    """S1: not in a log, not in a traceback."""
    assert "abc" not in repr(Token("abc")) + repr(Ticket("abc"))
