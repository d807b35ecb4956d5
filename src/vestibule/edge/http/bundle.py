"""The built web app, as it was when this process started: each file with its ETag and its compressed forms.

Reads the folder once. What is not in it cannot be asked for: no path of a request ever touches the disk.
"""

from __future__ import annotations

import hashlib
import mimetypes
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fastapi import Response
from starlette.datastructures import Headers

ENCODINGS = {"br": ".br", "gzip": ".gz"}
"""Best first, with the ending of the file that the build wrote beside the plain one."""
_TYPES = {".js": "text/javascript", ".webmanifest": "application/manifest+json", ".woff2": "font/woff2"}
"""What the system's table may lack or, on some systems, has wrong."""
_REFUSED = re.compile(r"q=0(\.0*)?")
_FOREVER = "public, max-age=31536000, immutable"
_ASK = "no-cache"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file of the app."""

    body: bytes
    media_type: str
    etag: str
    immutable: bool
    """Its name holds a hash of its content."""
    encoded: Mapping[str, bytes] = field(default_factory=dict)

    def answer(self, asked: Headers, extra: Mapping[str, str]) -> Response:
        """The response to somebody who sent these headers: 304 if they have it, compressed if they take it."""
        encoding = accepted(asked.get("accept-encoding", ""), self.encoded)
        etag = f'"{self.etag}-{encoding}"' if encoding else f'"{self.etag}"'
        headers = {
            **extra,
            "ETag": etag,
            "Vary": "Accept-Encoding",
            "Cache-Control": _FOREVER if self.immutable else _ASK,
        }
        if etag in (given.strip().removeprefix("W/") for given in asked.get("if-none-match", "").split(",")):
            return Response(status_code=304, headers=headers)
        if encoding:
            headers["Content-Encoding"] = encoding
        return Response(self.encoded.get(encoding, self.body), media_type=self.media_type, headers=headers)


def accepted(header: str, offered: Mapping[str, bytes]) -> str:
    """The best offered encoding that an `Accept-Encoding` takes; empty for none."""
    wishes = (part.replace(" ", "").partition(";") for part in header.lower().split(","))
    taken = {name for name, _, quality in wishes if not _REFUSED.fullmatch(quality)}
    return next((name for name in offered if name in taken), "")


def load(folder: Path) -> dict[str, Asset]:
    """Every file of the app by its path, `index.html` among them; empty if the app was not built."""
    if not (folder / "index.html").is_file():
        return {}
    paths = (path for path in folder.rglob("*") if path.is_file() and path.suffix not in ENCODINGS.values())
    names = (path.relative_to(folder).as_posix() for path in paths)
    return read(folder, (name for name in names if not name.startswith(".")))


def read(folder: Path, names: Iterable[str]) -> dict[str, Asset]:
    """These files of a folder."""
    return {name: _asset(name, folder / name) for name in names}


def _asset(name: str, path: Path) -> Asset:
    body = path.read_bytes()
    compressed = {encoding: path.with_name(path.name + ending) for encoding, ending in ENCODINGS.items()}
    return Asset(
        body=body,
        media_type=_TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream",
        etag=hashlib.sha256(body).hexdigest()[:24],
        immutable=name.startswith("assets/"),
        encoded={encoding: file.read_bytes() for encoding, file in compressed.items() if file.is_file()},
    )
