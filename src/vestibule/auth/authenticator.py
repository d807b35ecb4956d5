"""Say who a credential is: the one way from a Token or a Ticket to a Principal.

Takes role and owner from the directory each time, so that a change takes effect; remembers no credential.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from vestibule.auth.credentials import Credential, Ticket, Token
from vestibule.auth.tokens import EXPIRED, REFUSED, Claims, Tokens
from vestibule.errors import NotFound, Unauthenticated
from vestibule.model import Member, Principal, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from vestibule.auth.tickets import Tickets


class MemberSource(Protocol):
    """What is asked of the directory."""

    async def member(self, id: str) -> Member | None:
        """The member, or None."""

    async def members_by_id(self, ids: Collection[str]) -> Mapping[str, Member]:
        """Those of `ids` that exist, as they are now."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A fresh bearer token and its end in Unix seconds."""

    token: str
    expires_at: float

    def __repr__(self) -> str:
        return f"Issued(***, expires_at={self.expires_at})"


class Authenticator:
    """Checks credentials, issues them, and checks again those whose connection is still open."""

    def __init__(
        self,
        members: MemberSource,
        tokens: Tokens,
        tickets: Tickets,
        *,
        scopes_of: Callable[[Role], frozenset[str]],
        token_ttl_s: float = 30 * 86_400,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._members = members
        self._tokens = tokens
        self._tickets = tickets
        self._scopes_of = scopes_of
        self._token_ttl_s = token_ttl_s
        self._now = now

    async def authenticate(self, credential: Credential | None) -> Principal:
        """Whom `credential` is for. Raises Unauthenticated, with a message for anybody to read."""
        match credential:
            case Token(value):
                claims = self._tokens.read(value, now=self._now())
                return await self._principal(claims)
            case Ticket(value):
                return await self.recheck(self._tickets.redeem(value))
            case None:
                raise Unauthenticated(REFUSED)

    async def recheck(self, principal: Principal) -> Principal:
        """`principal` as it is now: scopes follow the role. Raises Unauthenticated when it must go (S3)."""
        if principal.generation is None:
            return self._unexpired(principal)
        return self._still(principal, await self._members.member(principal.member))

    async def recheck_all(self, principals: Iterable[Principal]) -> dict[Principal, Principal | Unauthenticated]:
        """`recheck` of many in one look at the directory: each with what it is now, or why it must go."""
        asked = set(principals)
        present = await self._members.members_by_id({each.member for each in asked if each.generation is not None})
        verdicts: dict[Principal, Principal | Unauthenticated] = {}
        for principal in asked:
            try:
                if principal.generation is None:
                    verdicts[principal] = self._unexpired(principal)
                else:
                    verdicts[principal] = self._still(principal, present.get(principal.member))
            except Unauthenticated as refusal:
                verdicts[principal] = refusal
        return verdicts

    async def issue(self, member: str, *, ttl_s: float | None = None, runs_door: bool = False) -> Issued:
        """A bearer token for `member`. One that runs the door needs no member behind it."""
        found = await self._members.member(member)
        if found is None and not runs_door:
            raise NotFound(f"There is no user {member[:64]!r}.", remedy="add the user first: vestibule user add")
        now = self._now()
        ends = float(int(now + (self._token_ttl_s if ttl_s is None else ttl_s)))
        claims = Claims(member, ends, runs_door, found.generation if found else None)
        return Issued(self._tokens.sign(claims, issued_at=now), ends)

    def issue_ticket(self, principal: Principal) -> str:
        """A single-use ticket for `principal`, to open one WebSocket with."""
        return self._tickets.issue(principal)

    async def _principal(self, claims: Claims) -> Principal:
        if claims.generation is not None:
            member = await self._members.member(claims.subject)
            if member is None or member.generation != claims.generation:
                raise Unauthenticated(REFUSED)
            return Principal(
                member=member.id,
                owner=member.owner,
                role=member.role,
                scopes=self._scopes_of(member.role),
                expires_at=claims.expires_at,
                runs_door=claims.runs_door,
                generation=member.generation,
            )
        if not claims.runs_door:
            raise Unauthenticated(REFUSED)
        return Principal(
            member=claims.subject,
            owner="",  # of no gateway: it runs the door, it does not walk through
            role=Role.VIEWER,
            scopes=frozenset(),
            expires_at=claims.expires_at,
            runs_door=True,
        )

    def _unexpired(self, principal: Principal) -> Principal:
        if principal.expires_at is not None and principal.expires_at <= self._now():
            raise Unauthenticated(EXPIRED)
        return principal

    def _still(self, principal: Principal, member: Member | None) -> Principal:
        self._unexpired(principal)
        if member is None or member.generation != principal.generation or member.owner != principal.owner:
            raise Unauthenticated(REFUSED)
        if member.role is principal.role:
            return principal
        return replace(principal, role=member.role, scopes=self._scopes_of(member.role))
