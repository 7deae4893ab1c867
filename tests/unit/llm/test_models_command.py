"""`sokoul models`: what is here, whether it is good, how to get one; with a server that misbehaves."""

from __future__ import annotations

import asyncio
import hashlib
import io
import random
import re
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp import web

from sokoul.__main__ import main
from sokoul.domain.errors import Refused, Unavailable
from sokoul.engines.llm.fetching import fetch
from tests.sentence_model import converted

BODY = random.Random(7).randbytes(3_000_000)
HASH = hashlib.sha256(BODY).hexdigest()


class Mirror:
    """Sends BODY in answer to ranges, and fails as told; `asked` are the ranges it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str | None] = []
        self.cut_after: int | None = None
        self.body = BODY
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=[self._run()], daemon=True)

    def start(self) -> None:
        self._thread.start()
        assert self._ready.wait(10)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(10)
        self._loop.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def _run(self) -> None:
        self._end = asyncio.Event()
        app = web.Application()
        app.router.add_get("/moved", self._moved)
        app.router.add_get("/loop", self._loop_for_ever)
        app.router.add_get("/{name}", self._file)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.port = runner.addresses[0][1]
        self._ready.set()
        await self._end.wait()
        await runner.cleanup()

    async def _moved(self, _: web.Request) -> web.Response:
        raise web.HTTPFound("/model.gguf")

    async def _loop_for_ever(self, _: web.Request) -> web.Response:
        raise web.HTTPFound("/loop")

    async def _file(self, request: web.Request) -> web.StreamResponse:
        asked = request.headers.get("Range")
        self.asked.append(asked)
        start = int(re.findall(r"\d+", asked)[0]) if asked else 0
        if start >= len(self.body):
            return web.Response(status=416)
        reply = web.StreamResponse(status=206 if asked else 200)
        reply.content_length = len(self.body) - start
        if asked:
            reply.headers["Content-Range"] = f"bytes {start}-{len(self.body) - 1}/{len(self.body)}"
        await reply.prepare(request)
        if self.cut_after is not None:
            await reply.write(self.body[start : start + self.cut_after])
            assert request.transport is not None
            request.transport.abort()
            return reply
        await reply.write(self.body[start:])
        return reply


@pytest.fixture
def mirror() -> Iterator[Mirror]:
    running = Mirror()
    running.start()
    yield running
    running.stop()


def silent(there: int, total: int | None) -> None:
    assert total is None or there <= total


async def test_a_fetch_goes_on_where_it_was_cut(mirror: Mirror, tmp_path: Path) -> None:
    target = tmp_path / "model.gguf"
    mirror.cut_after = 1_000_000
    with pytest.raises(Unavailable, match="goes on where this one stopped"):
        await fetch(f"{mirror.url}/model.gguf", HASH, target, silent)
    assert not target.exists()
    mirror.cut_after = None

    await fetch(f"{mirror.url}/moved", HASH.upper(), target, silent)

    assert target.read_bytes() == BODY
    assert mirror.asked[0] is None and mirror.asked[1] not in (None, "bytes=0-")
    assert list(tmp_path.iterdir()) == [target]


async def test_what_has_another_hash_is_thrown_away(mirror: Mirror, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=f"has the hash {HASH}, not the one given") as refusal:
        await fetch(f"{mirror.url}/model.gguf", "0" * 64, tmp_path / "model.gguf", silent)

    assert refusal.value.code == "wrong_hash" and list(tmp_path.iterdir()) == []


async def test_a_fetch_that_had_ended_before_its_check_is_checked_now(mirror: Mirror, tmp_path: Path) -> None:
    (tmp_path / f".model.gguf.{HASH[:12]}.part").write_bytes(BODY)

    await fetch(f"{mirror.url}/model.gguf", HASH, tmp_path / "model.gguf", silent)

    assert (tmp_path / "model.gguf").read_bytes() == BODY


@pytest.mark.parametrize(
    ("address", "hash_", "words"),
    [
        ("{}/model.gguf", "abc", "has to be a SHA-256"),
        ("file:///etc/passwd", HASH, "has to begin with https"),
        ("http://[", HASH, "no address"),
        ("{}/loop", HASH, "cannot be reached"),
        ("http://127.0.0.1:1/x", HASH, "cannot be reached"),
    ],
)
async def test_what_cannot_be_fetched_is_a_sentence(
    mirror: Mirror, tmp_path: Path, address: str, hash_: str, words: str
) -> None:
    with pytest.raises((Refused, Unavailable), match=words):
        await fetch(address.format(mirror.url), hash_, tmp_path / "model.gguf", silent)
    assert list(tmp_path.iterdir()) == []


async def test_more_than_is_allowed_is_not_taken(mirror: Mirror, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="not taken"):
        await fetch(f"{mirror.url}/model.gguf", HASH, tmp_path / "m.gguf", silent, largest=1_000_000)
    assert list(tmp_path.iterdir()) == []


def sokoul(folder: Path, *arguments: str, more: str = "") -> tuple[int, str, str]:
    """Run the program in this process; code, output, errors."""
    config = folder / "sokoul.yaml"
    config.write_text(f"state_dir: {folder}/state\n{more}")
    out, err = io.StringIO(), io.StringIO()
    real = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = out, err
    try:
        return main(["models", *arguments, "--config", str(config)]), out.getvalue(), err.getvalue()
    finally:
        sys.stdout, sys.stderr = real


def test_convert_then_list_then_check(tmp_path: Path) -> None:
    code, said, _ = sokoul(tmp_path, "list")
    assert code == 0 and "sokoul models convert" in said

    code, said, _ = sokoul(tmp_path, "convert")
    made = tmp_path / "state" / "models" / "all-MiniLM-L6-v2-q8_0.gguf"
    assert code == 0 and f"set oracle.embeddings.gguf: {made}" in said

    code, said, _ = sokoul(tmp_path, "list", more=f"oracle: {{embeddings: {{gguf: {made}}}}}\n")
    assert code == 0 and "(oracle.embeddings.gguf)" in said and "bert (embeddings), 384 dimensions" in said
    assert hashlib.sha256(made.read_bytes()).hexdigest() in said

    code, said, _ = sokoul(tmp_path, "check", str(made))
    assert code == 0 and "30522 pieces" in said and "ms for a short text" in said


def test_what_is_ill_is_told_with_its_cure(tmp_path: Path) -> None:
    bad = tmp_path / "bad.gguf"
    bad.write_bytes(converted("q8_0").read_bytes()[:1000])

    code, _, said = sokoul(tmp_path, "check", str(bad))
    assert code == 1 and "copy or fetch it again" in said
    code, said, _ = sokoul(tmp_path, "list", more=f"oracle: {{embeddings: {{gguf: {bad}}}}}\n")
    assert code == 1 and "ill: " in said and "sokoul models convert" in said
    code, _, said = sokoul(tmp_path, "convert", "--from", str(tmp_path))
    assert code == 1 and "config.json is missing" in said


def test_fetch_puts_a_model_in_its_place_under_a_safe_name(mirror: Mirror, tmp_path: Path) -> None:
    mirror.body = converted("q8_0").read_bytes()
    right = hashlib.sha256(mirror.body).hexdigest()
    address = f"{mirror.url}/..%2F..%2Fetc%2Fmini%20lm?token=secret"

    code, said, _ = sokoul(tmp_path, "fetch", address, "--sha256", right)
    assert code == 0 and "secret" not in said
    [made] = (tmp_path / "state" / "models").iterdir()
    assert made.suffix == ".gguf" and made.read_bytes() == mirror.body

    code, said, _ = sokoul(tmp_path, "fetch", address, "--sha256", right)
    assert code == 0 and "there already" in said and len(mirror.asked) == 1
