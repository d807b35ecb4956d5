from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from vestibule.auth.authenticator import Authenticator
from vestibule.auth.credentials import Ticket, Token
from vestibule.auth.tickets import Tickets
from vestibule.auth.tokens import Claims, Tokens
from vestibule.bus.memory import MemoryBus
from vestibule.directory import Directory, SecretKey, open_directory
from vestibule.errors import NotFound, Unauthenticated
from vestibule.model import Member, Principal, Role
from vestibule.policy import scopes_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


class Door:
    """An authenticator over a real directory, with a clock of its own."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self.clock = Clock()
        self.authenticator = Authenticator(
            directory,
            Tokens(bytes(range(32))),
            Tickets(ttl_s=30, clock=self.clock),
            scopes_of=scopes_of,
            token_ttl_s=3_600,
            now=self.clock,
        )

    async def sign_in(self, member: str, **options: object) -> Principal:
        issued = await self.authenticator.issue(member, **options)  # type: ignore[arg-type]
        return await self.authenticator.authenticate(Token(issued.token))

    async def refused(self, credential: Token | Ticket | None) -> str:
        with pytest.raises(Unauthenticated) as refusal:
            await self.authenticator.authenticate(credential)
        return refusal.value.message


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    directory = open_directory("sqlite://", home=tmp_path, key=SecretKey(bytes(32)), bus=MemoryBus())
    await directory.start()
    await directory.put_member(Member("bob", "acme", Role.OPERATOR))
    yield Door(directory)
    await directory.close()


async def test_a_token_says_who_it_is(door: Door) -> None:
    """Owner, role and scopes come from the directory."""
    bob = await door.sign_in("bob")
    assert (bob.member, bob.owner, bob.role, bob.runs_door) == ("bob", "acme", Role.OPERATOR, False)
    assert bob.scopes == scopes_of(Role.OPERATOR)
    assert bob.expires_at == door.clock.now + 3_600


async def test_a_change_of_role_counts_for_tokens_given_before(door: Door) -> None:
    """S3: for the next sign-in and for the connection that is open."""
    issued = await door.authenticator.issue("bob")
    before = await door.authenticator.authenticate(Token(issued.token))
    await door.directory.put_member(Member("bob", "acme", Role.VIEWER))
    after = await door.authenticator.authenticate(Token(issued.token))

    assert after.scopes == scopes_of(Role.VIEWER)
    assert await door.authenticator.recheck(before) == after
    assert await door.authenticator.recheck_all([before]) == {before: after}
    assert await door.authenticator.recheck(after) is after


async def test_who_was_removed_is_refused_even_when_added_again(door: Door) -> None:
    """S3: a token of an earlier membership fits no later one, nor another owner."""
    issued = await door.authenticator.issue("bob")
    bob = await door.authenticator.authenticate(Token(issued.token))
    for again in (None, Member("bob", "acme", Role.OPERATOR)):
        await door.directory.remove_member("bob")
        if again:
            await door.directory.put_member(again)
        assert await door.refused(Token(issued.token)) == "Not authenticated"
        with pytest.raises(Unauthenticated, match="Not authenticated"):
            await door.authenticator.recheck(bob)
        verdicts = await door.authenticator.recheck_all([bob])
        assert isinstance(verdicts[bob], Unauthenticated)

    moved = await door.sign_in("bob")
    await door.directory.put_member(Member("bob", "globex", Role.OPERATOR))
    with pytest.raises(Unauthenticated):
        await door.authenticator.recheck(moved)


async def test_an_expired_sign_in_is_said_to_be_one(door: Door) -> None:
    """S3: at the next look, for tokens and for open connections."""
    issued = await door.authenticator.issue("bob", ttl_s=10)
    bob = await door.authenticator.authenticate(Token(issued.token))
    door.clock.now += 10
    assert await door.refused(Token(issued.token)) == "Sign-in has expired."
    with pytest.raises(Unauthenticated, match="expired"):
        await door.authenticator.recheck(bob)
    verdicts = await door.authenticator.recheck_all([bob])
    assert str(verdicts[bob]) == "Sign-in has expired."
    assert await door.refused(None) == "Not authenticated"


async def test_many_are_rechecked_in_one_look(door: Door) -> None:
    """Thousands of connections cost one question."""
    await door.directory.put_members([Member(f"m{n}", "acme") for n in range(200)])
    everybody = [await door.sign_in(f"m{n}") for n in range(200)]
    await door.directory.remove_member("m7")

    verdicts = await door.authenticator.recheck_all(everybody)

    assert len(verdicts) == 200
    assert [each.member for each, verdict in verdicts.items() if isinstance(verdict, Unauthenticated)] == ["m7"]
    assert await door.authenticator.recheck_all([]) == {}


async def test_a_ticket_stands_for_who_asked_for_it(door: Door) -> None:
    """S2: once, for a short time, and as that person is by then."""
    bob = await door.sign_in("bob")
    ticket = door.authenticator.issue_ticket(bob)
    assert await door.authenticator.authenticate(Ticket(ticket)) == bob
    assert await door.refused(Ticket(ticket)) == "Not authenticated"

    late = door.authenticator.issue_ticket(bob)
    removed = door.authenticator.issue_ticket(bob)
    await door.directory.remove_member("bob")
    assert await door.refused(Ticket(removed)) == "Not authenticated"
    door.clock.now += 30
    assert await door.refused(Ticket(late)) == "Sign-in has expired."


async def test_who_runs_the_door_needs_no_gateway(door: Door) -> None:
    """An operator's token is bound to no member, reaches no gateway and expires like all."""
    root = await door.sign_in("root", runs_door=True, ttl_s=10)
    assert root.runs_door
    assert (root.owner, root.scopes) == ("", frozenset())
    assert await door.authenticator.recheck(root) is root

    ticket = door.authenticator.issue_ticket(root)
    assert await door.authenticator.authenticate(Ticket(ticket)) == root
    door.clock.now += 10
    verdicts = await door.authenticator.recheck_all([root])
    assert isinstance(verdicts[root], Unauthenticated)


async def test_a_member_may_run_the_door(door: Door) -> None:
    """And is still the member; removed, the token runs nothing."""
    issued = await door.authenticator.issue("bob", runs_door=True)
    bob = await door.authenticator.authenticate(Token(issued.token))
    assert bob.runs_door
    assert bob.owner == "acme"
    await door.directory.remove_member("bob")
    assert await door.refused(Token(issued.token)) == "Not authenticated"


async def test_nobody_is_made_a_member_by_a_token(door: Door) -> None:
    """Neither on issue nor by a token without membership."""
    with pytest.raises(NotFound, match="mallory"):
        await door.authenticator.issue("mallory")
    claims = Claims("bob", door.clock.now + 60, runs_door=False, generation=None)
    unbound = Tokens(bytes(range(32))).sign(claims, issued_at=door.clock.now)
    assert await door.refused(Token(unbound)) == "Not authenticated"


async def test_an_issued_token_does_not_show_itself(door: Door) -> None:
    """S1."""
    issued = await door.authenticator.issue("bob")
    assert issued.token not in repr(issued)
