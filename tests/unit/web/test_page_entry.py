"""Static files by version, and where signing in may lead."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from sokoul.web.front import own_path
from sokoul.web.pages import setup_pages
from sokoul.web.pages.entry import static
from sokoul.web.pages.frame import FRAME


@pytest.mark.parametrize(
    ("target", "leads_to"),
    [
        ("/films?page=2", "/films?page=2"),
        ("/", "/"),
        ("", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        (" https://evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\r\nSet-Cookie: x=1", "/"),
        ("/a\tb", "/"),
        ("films", "/"),
        ("/" + "a" * 5000, "/"),
    ],
)
def test_after_signing_in_only_to_our_own_pages(target: str, leads_to: str) -> None:
    assert own_path(target) == leads_to


@pytest.fixture
async def files() -> AsyncIterator[TestClient[web.Request, web.Application]]:
    app = web.Application()
    setup_pages(app, csrf_token=lambda _request: "")
    app.router.add_get("/static/{version}/{name:.+}", static)
    async with TestClient(TestServer(app)) as client:
        yield client


async def test_the_current_version_may_be_kept_for_ever(
    files: TestClient[web.Request, web.Application],
) -> None:
    assert files.app is not None
    version = files.app[FRAME].assets.version
    reply = await files.get(f"/static/{version}/css/tokens.css")
    assert reply.status == 200
    assert reply.content_type == "text/css"
    assert "immutable" in reply.headers["Cache-Control"]
    old = await files.get("/static/0123/css/tokens.css")
    assert old.headers["Cache-Control"] == "no-cache"
    assert await old.read() == await reply.read()


async def test_texts_are_packed_for_whoever_can_unpack(
    files: TestClient[web.Request, web.Application],
) -> None:
    async with files.session.get(
        files.make_url("/static/x/css/tokens.css"), headers={"Accept-Encoding": "gzip"}, auto_decompress=False
    ) as reply:
        packed = await reply.read()
        assert reply.headers["Content-Encoding"] == "gzip"
    plain = await files.get("/static/x/css/tokens.css", headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(packed) == await plain.read()


@pytest.mark.parametrize(
    "name", ["../package.json", "..%2fpackage.json", "css", "css/", "nothing.js", "/etc/passwd", ".hidden"]
)
async def test_there_is_no_way_out_of_the_folder(
    files: TestClient[web.Request, web.Application], name: str
) -> None:
    assert (await files.get(f"/static/x/{name}")).status == 404


async def test_the_catalogues_are_served(files: TestClient[web.Request, web.Application]) -> None:
    reply = await files.get("/static/x/locales/fr.json")
    assert (await reply.json())["nav.home"] == "Accueil"
