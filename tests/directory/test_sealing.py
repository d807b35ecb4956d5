from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vestibule.directory.sealing import Sealer
from vestibule.errors import BadConfiguration
from vestibule.model import Secret

SEALER = Sealer(bytes(range(32)))


@given(st.text(), st.text(), st.text())
def test_what_was_sealed_opens_again(secret: str, owner: str, field: str) -> None:
    """Any text, any owner."""
    sealed = SEALER.seal(Secret(secret), owner=owner, field=field)
    assert SEALER.open(sealed, owner=owner, field=field) == Secret(secret)


def test_no_two_seals_are_alike() -> None:
    """S1: nobody sees from the database who shares a token."""
    seals = {SEALER.seal(Secret("same"), owner="o", field="token") for _ in range(100)}
    assert len(seals) == 100
    assert all(seal.startswith("v1.") and "same" not in seal for seal in seals)


@pytest.mark.parametrize(("owner", "field"), [("other", "token"), ("o", "device_token")])
def test_a_seal_fits_its_row_and_field_only(owner: str, field: str) -> None:
    """S1: moved elsewhere it stays shut."""
    sealed = SEALER.seal(Secret("secret"), owner="o", field="token")
    with pytest.raises(BadConfiguration):
        SEALER.open(sealed, owner=owner, field=field)


@pytest.mark.parametrize("damage", ["v1.", "v1.AAAA", "v1.ü", "v1." + "A" * 60])
def test_a_damaged_seal_is_refused(damage: str) -> None:
    """With what to do, and nothing of what was in it."""
    with pytest.raises(BadConfiguration) as refused:
        SEALER.open(damage, owner="o", field="token")
    assert "secret.key" in str(refused.value.remedy)


def test_another_key_and_another_version_are_told_apart() -> None:
    """One needs the old key, the other a newer program."""
    sealed = SEALER.seal(Secret("secret"), owner="o", field="token")
    with pytest.raises(BadConfiguration, match="this secret key"):
        Sealer(bytes(32)).open(sealed, owner="o", field="token")
    with pytest.raises(BadConfiguration, match="does not know"):
        SEALER.open("v2." + sealed[3:], owner="o", field="token")
