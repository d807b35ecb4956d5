"""Read a fleet written by hand as TOML: gateways, members, and where their tokens are.

Guesses nothing: an unknown key, a missing one or a double is an error that names the line.

    [[gateway]]
    owner = "alice"                      # a personal owner: its one member, alice, follows from it
    url = "ws://10.0.0.5:18789"
    token_env = "ALICE_TOKEN"            # or token_file = "/run/secrets/alice", or token = "..."

    [[gateway]]
    owner = "acme"
    url = "wss://acme.example.com"
    mode = "trusted-proxy"
    identity = "door@acme"

    [[member]]
    id = "bob"
    owner = "acme"
    role = "operator"                    # viewer, operator or admin
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

from vestibule.directory.checks import checked_member, checked_route
from vestibule.errors import BadConfiguration, ClientFault
from vestibule.model import Member, Role, Route, RouteMode, Secret

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from enum import StrEnum
    from pathlib import Path

_SECRETS = ("token", "device_seed", "device_token")
_ROUTE_TEXTS = ("url", "identity", "identity_header", "tls_pin")
_GATEWAY_KEYS = {
    "owner",
    "mode",
    *_ROUTE_TEXTS,
    *(f"{name}{ending}" for name in _SECRETS for ending in ("", "_env", "_file")),
}
_MEMBER_KEYS = {"id", "owner", "role", "generation"}


@dataclass(frozen=True)
class Fleet:
    """What the file says."""

    routes: dict[str, Route] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    files: frozenset[Path] = frozenset()
    """Files with tokens the fleet refers to."""


def read_fleet(path: Path, *, environ: Mapping[str, str]) -> Fleet:
    """The fleet in the file. Raises BadConfiguration that names the line; blocks: files."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise BadConfiguration("The fleet file cannot be read.", remedy=f"{path}: {reason}") from error
    return _Reader(path, text, environ).read()


class _Reader:
    def __init__(self, path: Path, text: str, environ: Mapping[str, str]) -> None:
        self._path = path
        self._text = text
        self._environ = environ
        self._files: set[Path] = set()

    def read(self) -> Fleet:
        try:
            content = tomllib.loads(self._text)
        except tomllib.TOMLDecodeError as error:  # says the line by itself
            raise BadConfiguration("The fleet file is not TOML.", remedy=f"{self._path}: {error}") from error
        for name, value in content.items():
            if name not in ("gateway", "member") or not isinstance(value, list):
                self._wrong(_Place(name, 0), f"only [[gateway]] and [[member]] are known, not {name!r}")
        routes = self._tables(content.get("gateway", []), "gateway", self._route, lambda route: route.owner)
        members = self._tables(content.get("member", []), "member", self._member, lambda member: member.id)
        for owner in routes.keys() - {member.owner for member in members.values()} - members.keys():
            members[owner] = Member(owner, owner)
        return Fleet(routes, members, frozenset(self._files))

    def _tables(
        self, tables: list[Any], kind: str, read: Callable[[_Place, dict[str, Any]], Any], name: Callable[[Any], str]
    ) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for index, table in enumerate(tables):
            place = _Place(kind, index)
            if not isinstance(table, dict):
                self._wrong(place, "must be a table")
            try:
                item = read(place, table)
            except ClientFault as fault:
                key, _, problem = fault.message.partition(": ")
                self._wrong(place, problem, key=_snake(key))
            if name(item) in found:
                self._wrong(place, f"{name(item)!r} is there twice")
            found[name(item)] = item
        return found

    def _route(self, place: _Place, table: dict[str, Any]) -> Route:
        self._only(place, table, _GATEWAY_KEYS, needed=("owner", "url"))
        texts: dict[str, Any] = {name: self._string(place, table, name) for name in _ROUTE_TEXTS if name in table}
        return checked_route(
            Route(
                owner=self._string(place, table, "owner"),
                mode=self._choice(place, table, "mode", RouteMode, RouteMode.TOKEN),
                token=self._secret(place, table, "token"),
                device_seed=self._secret(place, table, "device_seed"),
                device_token=self._secret(place, table, "device_token"),
                **texts,
            )
        )

    def _member(self, place: _Place, table: dict[str, Any]) -> Member:
        self._only(place, table, _MEMBER_KEYS, needed=("id",))
        id = self._string(place, table, "id")
        return checked_member(
            Member(
                id=id,
                owner=self._string(place, table, "owner") if "owner" in table else id,
                role=self._choice(place, table, "role", Role, Role.ADMIN),
                generation=self._string(place, table, "generation") if "generation" in table else "",
            )
        )

    def _only(self, place: _Place, table: dict[str, Any], known: set[str], *, needed: tuple[str, ...]) -> None:
        for key in table:
            if key not in known:
                self._wrong(place, f"unknown key; known are {', '.join(sorted(known))}", key=key)
        for key in needed:
            if key not in table:
                self._wrong(place, f"{key} is missing")

    def _string(self, place: _Place, table: dict[str, Any], key: str) -> str:
        value = table[key]
        if not isinstance(value, str):
            self._wrong(place, "must be text in quotes", key=key)
        return value

    def _choice(self, place: _Place, table: dict[str, Any], key: str, kind: type[StrEnum], default: Any) -> Any:
        if key not in table:
            return default
        try:
            return kind(self._string(place, table, key))
        except ValueError:
            self._wrong(place, f"must be one of {', '.join(str(each) for each in kind)}", key=key)

    def _secret(self, place: _Place, table: dict[str, Any], name: str) -> Secret:
        given = [key for key in (name, f"{name}_env", f"{name}_file") if key in table]
        if not given:
            return Secret()
        if len(given) > 1:
            self._wrong(place, f"{given[0]} is given already: one of them is enough", key=given[1])
        key, value = given[0], self._string(place, table, given[0])
        if key.endswith("_env"):
            if not self._environ.get(value):
                self._wrong(place, f"the environment has no variable {value[:64]!r}", key=key)
            return Secret(self._environ[value])
        if key.endswith("_file"):
            file = self._path.parent / value
            self._files.add(file)
            try:
                return Secret(file.read_text(encoding="utf-8").strip())
            except (OSError, UnicodeDecodeError) as error:
                self._wrong(place, f"{file}: {getattr(error, 'strerror', None) or 'it is not UTF-8 text'}", key=key)
        return Secret(value)

    def _wrong(self, place: _Place, problem: str, *, key: str = "") -> NoReturn:
        line = _line(self._text, place, key)
        where = f"{self._path}, line {line}" if line else f"{self._path}, {place.kind} {place.index + 1}"
        what = f"[[{place.kind}]] {key}" if key else f"[[{place.kind}]]"
        raise BadConfiguration("The fleet file has a mistake.", remedy=f"{where}: {what}: {problem}")


@dataclass(frozen=True)
class _Place:
    """The index-th table of a kind."""

    kind: str
    index: int


def _line(text: str, place: _Place, key: str) -> int | None:
    """Where the key of the place stands, else where the place begins; None if it is not written as `[[kind]]`."""
    header = re.compile(rf"\s*\[\[?\s*{re.escape(place.kind)}\s*\]?\]")
    assignment = re.compile(rf"\s*\"?{re.escape(key)}\"?\s*=") if key else None
    began: int | None = None
    seen = -1
    for number, line in enumerate(text.splitlines(), start=1):
        if header.match(line):
            seen += 1
            if seen == place.index:
                began = number
        elif seen == place.index and assignment and assignment.match(line):
            return number
    return began


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
