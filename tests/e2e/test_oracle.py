"""A daemon with a language model: its own, somebody else's, a broken one."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from sokoul.testing import tiny_model
from sokoul.testing.fake_indexer import FakeIndexer, FakeRelease
from sokoul.testing.fake_oracle import FakeOracle
from sokoul.testing.fake_tmdb import FakeTmdb
from tests.e2e.daemon import Daemon

WINNER = "Dune.Part.Two.2024.1080p.WEB-DL.DDP5.1.Atmos.H.264-FLUX"
SERVING = "sokoul.engines.llm.serving"


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_model.write(tmp_path_factory.mktemp("model") / "tiny.gguf")


@asynccontextmanager
async def _daemon(folder: Path, oracle: Mapping[str, Any]) -> AsyncIterator[Daemon]:
    async with AsyncExitStack() as stack:
        tmdb = await stack.enter_async_context(FakeTmdb(api_key="k"))
        indexer = FakeIndexer([FakeRelease(WINNER, 9 * 10**9, 120, category=2040)], api_key="k")
        await stack.enter_async_context(indexer)
        source = {"name": "one", "type": "torznab", "url": indexer.torznab_url, "api_key": "k"}
        known = {"api_key": "k", "base_url": tmdb.base_url, "image_base_url": tmdb.image_base_url}
        daemon = Daemon(folder, {"providers": {"tmdb": known, "indexers": [source]}, "oracle": oracle})
        await daemon.start()
        stack.push_async_callback(daemon.end)
        await daemon.sign_in()
        yield daemon


async def _llm(daemon: Daemon) -> dict[str, Any]:
    async with daemon.http.get(f"{daemon.base}/health/deep") as reply:
        told: dict[str, Any] = (await reply.json())["checks"]["llm"]
    return told


async def _search(daemon: Daemon) -> dict[str, Any]:
    started = await daemon.call("POST", "/search", {"query": "Dune 2"}, status=202)
    done: dict[str, Any] = await daemon.until(
        f"/search/{started['search_id']}", lambda told: told["status"] == "completed"
    )
    return done


async def test_a_model_of_our_own_judges_and_ends_with_the_daemon(tmp_path: Path, tiny: Path) -> None:
    async with _daemon(tmp_path / "box", {"server": {"start": True, "gguf": str(tiny)}}) as daemon:
        verdict = await _tried(daemon, ok=True)
        assert re.match(r"sokoul answers: two names took it \d", verdict["message"])
        assert (await _llm(daemon))["status"] == "ok"
        assert daemon.process is not None
        children = psutil.Process(daemon.process.pid).children(recursive=True)
        (model,) = [child for child in children if SERVING in child.cmdline()]
        (best,) = (await _search(daemon))["results"]
        assert best["ai_validated"]
        assert best["score"] == sum(reason["points"] for reason in best["score_reasons"])
        async with daemon.http.get(f"{daemon.base}/metrics") as reply:
            counted = re.search(
                r'sokoul_ai_inference_duration_seconds_count\{query_type="judge",status="ok"\} (\d+)',
                await reply.text(),
            )
        assert counted and int(counted[1]) >= 2
        await daemon.kill()
        psutil.wait_procs([model], timeout=10)
        assert not model.is_running()


async def _tried(daemon: Daemon, *, ok: bool, **values: str) -> dict[str, Any]:
    """Press the Test button until it says what it should: a model of our own is loaded beside the start."""
    for _ in range(100):
        verdict: dict[str, Any] = await daemon.call("POST", "/settings/test/oracle", values, status=200)
        if verdict["ok"] is ok:
            return verdict
    raise AssertionError(verdict)


async def test_a_broken_model_stops_nothing(tmp_path: Path) -> None:
    file = tmp_path / "none.gguf"
    async with _daemon(tmp_path / "box", {"server": {"start": True, "gguf": str(file)}}) as daemon:
        verdict = await _tried(daemon, ok=False)
        assert str(file) in verdict["message"] and "oracle.server.gguf" in verdict["cure"]
        llm = await _llm(daemon)
        assert llm["status"] == "down" and str(file) in llm["message"]
        told = await _search(daemon)
        (best,) = told["results"]
        assert not best["ai_validated"] and not best["rejected"]
        stage = next(stage for stage in told["stages"] if stage["name"] == "model")
        assert "no file" in stage["error"]


async def test_a_model_elsewhere(tmp_path: Path) -> None:
    async with FakeOracle(api_key="canary-key") as fake:
        endpoint = fake.url.replace("http://", "http://sokoul:canary-key@")
        async with _daemon(tmp_path / "box", {"endpoint": endpoint}) as daemon:
            assert (await _llm(daemon))["message"] == "fake-model"
            (best,) = (await _search(daemon))["results"]
            assert best["ai_validated"]
            (reason,) = [reason for reason in best["score_reasons"] if reason["code"] == "model"]
            assert reason["points"] == 5
            wrong = await _tried(daemon, ok=False, endpoint=fake.url, api_key="wrong")
            assert "does not accept the key" in wrong["message"]
            assert "canary-key" not in str(await daemon.call("GET", "/settings")) + daemon.tail(10_000)


async def test_a_model_entered_on_the_web_is_asked_at_once(tmp_path: Path) -> None:
    async with FakeOracle(api_key="canary-key") as fake, _daemon(tmp_path / "bare", {}) as daemon:
        assert (await _llm(daemon))["status"] == "off"
        assert "oracle.endpoint" in (await _tried(daemon, ok=False))["cure"]
        told = await _search(daemon)
        assert "model" not in {stage["name"] for stage in told["stages"]}
        endpoint = fake.url.replace("http://", "http://sokoul:canary-key@")
        await daemon.call("PUT", "/settings", {"oracle": {"endpoint": endpoint}}, status=200)
        assert (await _llm(daemon))["message"] == "fake-model"
        assert (await _search(daemon))["results"][0]["ai_validated"]
        assert "canary-key" not in str(await daemon.call("GET", "/settings")) + daemon.tail(10_000)
        assert (await _tried(daemon, ok=True))["message"].startswith("fake-model answers")
