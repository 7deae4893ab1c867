"""Files over HTTP as browsers, players and televisions ask for them, by kernel and by reads."""

from __future__ import annotations

import asyncio
import os
import random
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator, Callable, Coroutine
from email.utils import formatdate
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import uvloop
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from sokoul.domain.errors import NotFound
from sokoul.web.files import parse_range, send_file
from sokoul.web.sendfile import SLICE
from tests.waiting import until

SIZE = 3 * SLICE + 12_345


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("films") / "film.mkv"
    path.write_bytes(random.Random(7).randbytes(SIZE))
    os.utime(path, (1_700_000_000, 1_700_000_000))
    return path


@pytest.fixture(scope="module")
def whole(film: Path) -> bytes:
    return film.read_bytes()


def application(path: Path) -> web.Application:
    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return await send_file(request, path, content_type="video/x-matroska", filename="Amélie.mkv")
        except NotFound:
            raise web.HTTPNotFound from None

    app = web.Application()
    app.router.add_get("/f", answer)
    return app


@pytest.fixture
async def client(film: Path) -> AsyncIterator[TestClient[Any, Any]]:
    async with TestClient(TestServer(application(film))) as made:
        yield made


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=0-", (0, 100)),
        ("bytes=10-19", (10, 10)),
        ("bytes=90-500", (90, 10)),
        ("bytes=-10", (90, 10)),
        ("bytes=-1000", (0, 100)),
        (" BYTES = 5 - 6 ", (5, 2)),
        ("bytes=99-99", (99, 1)),
        ("bytes=100-", (-1, 0)),
        ("bytes=-0", (-1, 0)),
        ("bytes=5-4", None),
        ("bytes=-", None),
        ("bytes=a-b", None),
        ("bytes=٣-", None),
        ("bytes=1-2,4-5", None),
        ("bytes 1-2", None),
        ("items=1-2", None),
        ("bytes=" + "9" * 5000 + "-", None),
        ("bytes=--1", None),
        ("", None),
    ],
)
def test_ranges_are_read_as_the_rfc_says(header: str, expected: tuple[int, int] | None) -> None:
    found = parse_range(header, 100)
    assert (None if found is None else (found.offset, found.count)) == expected


def test_an_empty_file_satisfies_no_range() -> None:
    for header in ("bytes=0-", "bytes=-5"):
        found = parse_range(header, 0)
        assert found is not None
        assert found.count == 0


async def test_the_whole_file_comes_unchanged(client: TestClient[Any, Any], whole: bytes) -> None:
    async with client.get("/f") as answer:
        assert answer.status == 200
        assert answer.headers["Accept-Ranges"] == "bytes"
        assert answer.headers["Content-Type"] == "video/x-matroska"
        assert answer.headers["Content-Disposition"] == "inline; filename*=UTF-8''Am%C3%A9lie.mkv"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Content-Range" not in answer.headers
        assert await answer.read() == whole


@pytest.mark.parametrize(
    ("header", "first", "last"),
    [
        ("bytes=0-", 0, SIZE - 1),
        ("bytes=5-5", 5, 5),
        ("bytes=1000-5000000", 1000, 5_000_000),
        ("bytes=-100", SIZE - 100, SIZE - 1),
    ],
)
async def test_a_range_is_answered_with_its_bytes(
    client: TestClient[Any, Any], whole: bytes, header: str, first: int, last: int
) -> None:
    async with client.get("/f", headers={"Range": header}) as answer:
        assert answer.status == 206
        assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{SIZE}"
        assert answer.content_length == last - first + 1
        assert await answer.read() == whole[first : last + 1]


async def test_a_range_past_the_end_is_refused(client: TestClient[Any, Any]) -> None:
    async with client.get("/f", headers={"Range": f"bytes={SIZE}-"}) as answer:
        assert answer.status == 416
        assert answer.headers["Content-Range"] == f"bytes */{SIZE}"
        assert await answer.read() == b""


async def test_head_tells_everything_but_the_bytes(client: TestClient[Any, Any]) -> None:
    async with client.head("/f") as answer:
        assert (answer.status, answer.content_length) == (200, SIZE)
        assert answer.headers["ETag"]


async def conditional(client: TestClient[Any, Any], **headers: str) -> int:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with client.get("/f", headers=named) as answer:
        body = await answer.read()
        assert answer.status in {200, 206} or body == b""
        return answer.status


async def test_conditions_of_a_request_are_kept(client: TestClient[Any, Any]) -> None:
    async with client.head("/f") as answer:
        etag, modified = answer.headers["ETag"], answer.headers["Last-Modified"]
    earlier, later = formatdate(1_600_000_000, usegmt=True), formatdate(1_800_000_000, usegmt=True)
    one = "bytes=0-0"
    assert await conditional(client, If_None_Match=etag) == 304
    assert await conditional(client, If_None_Match=f'"x", W/{etag}') == 304
    assert await conditional(client, If_None_Match="*") == 304
    assert await conditional(client, If_None_Match='"x"', If_Modified_Since=later) == 200
    assert await conditional(client, If_Modified_Since=modified) == 304
    assert await conditional(client, If_Modified_Since=earlier) == 200
    assert await conditional(client, If_Modified_Since="yesterday") == 200
    assert await conditional(client, If_Match='"x"') == 412
    assert await conditional(client, If_Match=etag, Range=one) == 206
    assert await conditional(client, If_Unmodified_Since=earlier) == 412
    assert await conditional(client, If_Range=etag, Range=one) == 206
    assert await conditional(client, If_Range=f"W/{etag}", Range=one) == 200
    assert await conditional(client, If_Range='"x"', Range=one) == 200
    assert await conditional(client, If_Range=modified, Range=one) == 206
    assert await conditional(client, If_Range=earlier, Range=one) == 200


async def test_links_pipes_folders_and_absent_files_are_not_found(tmp_path: Path, film: Path) -> None:
    (tmp_path / "link.mkv").symlink_to(film)
    os.mkfifo(tmp_path / "pipe.mkv")
    for name in ("link.mkv", "pipe.mkv", ".", "absent.mkv"):
        async with TestClient(TestServer(application(tmp_path / name))) as client:
            assert (await client.get("/f")).status == 404


async def test_an_empty_file_is_sent(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    server = TestServer(application(tmp_path / "empty"))
    async with TestClient(server) as client, client.get("/f") as answer:
        assert (answer.status, await answer.read()) == (200, b"")


async def test_one_connection_carries_answer_after_answer(client: TestClient[Any, Any], whole: bytes) -> None:
    session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=1))
    async with session:
        for start in range(0, SIZE, SLICE):
            headers = {"Range": f"bytes={start}-{start + 999_999}"}
            async with session.get(client.make_url("/f"), headers=headers) as answer:
                assert await answer.read() == whole[start : start + 1_000_000]


def forget(path: Path) -> None:
    """Drop the file from the page cache."""
    fd = os.open(path, os.O_RDONLY)
    os.fsync(fd)
    os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(fd)


async def test_a_file_that_is_not_in_memory_is_sent_too(tmp_path: Path, whole: bytes) -> None:
    path = tmp_path / "cold.mkv"
    await asyncio.to_thread(path.write_bytes, whole)
    forget(path)
    async with TestClient(TestServer(application(path))) as client, client.get("/f") as answer:
        assert await answer.read() == whole


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


async def test_a_viewer_who_leaves_costs_no_descriptor(film: Path) -> None:
    server = TestServer(application(film))
    await server.start_server()
    before = descriptors()
    for _ in range(5):
        plain = socket.create_connection((server.host, server.port or 0))
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        plain.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(plain, b"GET /f HTTP/1.1\r\nHost: x\r\n\r\n")
        assert await loop.sock_recv(plain, 100)
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        plain.close()
    await until(lambda: descriptors() <= before)
    await server.close()


async def test_a_file_that_shrinks_ends_the_connection(whole: bytes, tmp_path: Path) -> None:
    path = tmp_path / "shrinks.mkv"
    path.write_bytes(whole * 3)
    async with TestClient(TestServer(application(path))) as client, client.get("/f") as answer:
        await answer.content.readexactly(1000)
        os.truncate(path, 100_000)
        with pytest.raises(aiohttp.ClientPayloadError):
            await answer.read()


async def test_a_slow_viewer_holds_up_nobody(film: Path) -> None:
    async with TestClient(TestServer(application(film))) as client, client.get("/f") as slow:
        async with client.get("/f") as quick, asyncio.timeout(10):
            assert len(await quick.read()) == SIZE
        assert len(await slow.read()) == SIZE


def _certificate(folder: Path) -> ssl.SSLContext:
    key, cert = folder / "key.pem", folder / "cert.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    names = ["-keyout", str(key), "-out", str(cert), "-days", "1", "-subj", "/CN=localhost"]
    subprocess.run([*command, *names], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context


async def test_tls_connections_get_the_bytes_by_reads(film: Path, whole: bytes, tmp_path: Path) -> None:
    server = TestServer(application(film), scheme="https")
    await server.start_server(ssl=await asyncio.to_thread(_certificate, tmp_path))
    address = server.make_url("/f")
    async with aiohttp.ClientSession() as session, session.get(address, ssl=False) as answer:
        assert await answer.read() == whole
    await server.close()


@pytest.mark.parametrize(
    "check",
    [test_the_whole_file_comes_unchanged, test_one_connection_carries_answer_after_answer],
)
def test_the_same_holds_under_uvloop(
    film: Path, whole: bytes, check: Callable[[TestClient[Any, Any], bytes], Coroutine[Any, Any, None]]
) -> None:
    async def trip() -> None:
        async with TestClient(TestServer(application(film))) as client:
            await check(client, whole)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(trip())


def test_cold_files_and_leaving_viewers_under_uvloop(film: Path, whole: bytes, tmp_path: Path) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(test_a_file_that_is_not_in_memory_is_sent_too(tmp_path, whole))
        runner.run(test_a_viewer_who_leaves_costs_no_descriptor(film))
