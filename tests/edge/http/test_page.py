"""The web app as Python serves it; how it behaves in a browser is told in tests/browser."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import httpx
import pytest
from fastapi import FastAPI

from vestibule.edge.http import errors, page
from vestibule.edge.http.bundle import accepted

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

INDEX = b"<!doctype html><title>Vestibule</title>"
SCRIPT = b"export const hello = 'world';" * 40


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """What a build leaves behind."""
    folder = tmp_path / "app"
    (folder / "assets").mkdir(parents=True)
    (folder / ".vite").mkdir()
    (folder / "index.html").write_bytes(INDEX)
    (folder / "theme.js").write_bytes(b"// theme")
    (folder / "assets" / "main-abc123.js").write_bytes(SCRIPT)
    (folder / "assets" / "main-abc123.js.gz").write_bytes(gzip.compress(SCRIPT))
    (folder / ".vite" / "manifest.json").write_bytes(b"{}")
    return folder


@pytest.fixture
async def browser(built: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with _client(built) as client:
        yield client


def _client(folder: Path) -> httpx.AsyncClient:
    app = FastAPI()
    errors.install(app)
    app.include_router(page.pages(folder))
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://door", headers={"Accept-Encoding": ""}
    )


async def test_the_app_is_at_the_root(browser: httpx.AsyncClient) -> None:
    """The page is asked for anew each time, and runs nothing that stands in the page itself."""
    answer = await browser.get("/")
    assert (answer.status_code, answer.content) == (200, INDEX)
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "no-cache"
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "connect-src 'self' ws: wss:;" in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["referrer-policy"] == "no-referrer"


async def test_a_hashed_file_is_kept_for_ever(browser: httpx.AsyncClient) -> None:
    """Its name changes with its content."""
    answer = await browser.get("/assets/main-abc123.js")
    assert answer.content == SCRIPT
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["cache-control"]
    assert (await browser.get("/theme.js")).headers["cache-control"] == "no-cache"


async def test_what_one_has_is_not_sent_again(browser: httpx.AsyncClient) -> None:
    """By ETag, each form of a file with its own."""
    first = await browser.get("/")
    again = await browser.get("/", headers={"If-None-Match": f'"other", W/{first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    zipped = await browser.get("/assets/main-abc123.js", headers={"Accept-Encoding": "gzip"})
    plain = await browser.get("/assets/main-abc123.js")
    assert zipped.headers["etag"] != plain.headers["etag"]


async def test_compressed_for_whoever_takes_it(browser: httpx.AsyncClient) -> None:
    """As the build compressed it; the plain file for everybody else."""
    answer = await browser.get("/assets/main-abc123.js", headers={"Accept-Encoding": "br, gzip;q=0.8"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert int(answer.headers["content-length"]) < len(SCRIPT)
    assert answer.content == SCRIPT  # the client unpacked it
    assert "content-encoding" not in (await browser.get("/", headers={"Accept-Encoding": "gzip"})).headers


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("", ""),
        ("identity", ""),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.5", "br"),
    ],
)
def test_choosing_an_encoding(header: str, chosen: str) -> None:
    """The best of those that are there and taken; never one that is refused."""
    assert accepted(header, {"br": b"", "gzip": b""}) == chosen


@pytest.mark.parametrize(
    "path",
    ["/assets/gone-000000.js", "/assets/../index.html", "/.vite/manifest.json", "/assets/%2e%2e/index.html", "/index"],
)
async def test_what_is_not_there_is_not_found(browser: httpx.AsyncClient, path: str) -> None:
    """Never the app in place of something else: a missing script is an error, not a page."""
    answer = await browser.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "NOT_FOUND"


async def test_a_head_request(browser: httpx.AsyncClient) -> None:
    """Monitors ask so."""
    answer = await browser.head("/")
    assert (answer.status_code, answer.content) == (200, b"")


async def test_a_running_door_keeps_its_app(browser: httpx.AsyncClient, built: Path) -> None:
    """A build beside it does not mix two versions: pages that are open find their files."""
    (built / "index.html").write_bytes(b"next version")
    (built / "assets" / "main-abc123.js").unlink()
    assert (await browser.get("/")).content == INDEX
    assert (await browser.get("/assets/main-abc123.js")).status_code == 200


async def test_without_a_build_there_is_the_plain_page(tmp_path: Path) -> None:
    """A source checkout without Node works, and says how to get the app."""
    async with _client(tmp_path) as browser:
        answer = await browser.get("/")
        assert "make web" in answer.text
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        for name in ("/page.js", "/page.css"):
            assert (await browser.get(name)).status_code == 200


@pytest.mark.parametrize("path", ["/ws", "/api/v1/ws"])
async def test_the_sockets_address_is_no_page(http: httpx.AsyncClient, path: str) -> None:
    """Whoever opens it in a browser is told what it is, instead of that there is nothing."""
    answer = await http.get(path)

    assert (answer.status_code, answer.headers["upgrade"]) == (426, "websocket")
    assert "This is a WebSocket" in answer.json()["error"]["message"]
