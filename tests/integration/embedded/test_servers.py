"""The private servers serve this daemon and nobody else, come back when they die, end when they are told."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import nats.errors
import psutil
import pytest
import redis.asyncio
import redis.exceptions
from pydantic import SecretStr

from sokoul.config.model import Config, Services
from sokoul.domain.errors import Unavailable
from sokoul.engines.embedded import folders, privilege
from sokoul.engines.embedded.servers import EmbeddedServers
from tests.integration.embedded.conftest import Start, all_answer, count
from tests.waiting import until

_as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
_in_namespaces = pytest.mark.skipif(not privilege.namespaces_work(), reason="no user namespaces here")
_each_way = pytest.mark.parametrize(
    "make",
    [
        pytest.param(privilege.namespaced, id="namespace", marks=_in_namespaces),
        pytest.param(privilege.unprivileged, id="nobody"),
    ],
)


async def test_they_serve_and_keep_what_they_were_given(state_dir: Path, start: Start) -> None:
    servers, urls = await start(state_dir)
    await all_answer(urls)
    pids = servers.pids()
    assert set(pids) == {"postgres", "redis", "nats"}
    await servers.close()
    assert not any(psutil.pid_exists(pid) for pid in pids.values())

    clock = asyncio.get_running_loop().time
    began = clock()
    _, again = await start(state_dir)
    assert clock() - began < 3
    assert await count(again.postgres) == 2
    await all_answer(again)


async def test_nobody_else_gets_in(state_dir: Path, start: Start) -> None:
    servers, urls = await start(state_dir)
    for folder in (state_dir, state_dir / "run", state_dir / "postgres", state_dir / "nats"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for file in ("postgres/password", "nats/nats.conf", "valkey/valkey.conf"):
        assert stat.S_IMODE((state_dir / file).stat().st_mode) == 0o600

    listening = {
        name: [one.laddr.ip for one in psutil.Process(pid).net_connections("inet") if one.status == "LISTEN"]
        for name, pid in servers.pids().items()
    }
    assert listening == {"postgres": [], "redis": [], "nats": ["127.0.0.1"]}

    secrets = [re.search(r":([^:@/]+)@", url) for url in (urls.postgres, urls.redis, urls.nats)]
    for pid in servers.pids().values():
        commands = " ".join(psutil.Process(pid).cmdline())
        assert not any(secret and secret[1] in commands for secret in secrets)
    assert "@" not in repr(urls)

    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(urls.postgres.replace("sokoul:", "sokoul:x"))
    async with redis.asyncio.Redis.from_url(re.sub(r":[^:@/]+@", "", urls.redis)) as cache:
        with pytest.raises(redis.exceptions.ConnectionError):
            await cache.get("key")
    reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(urls.nats).port)
    writer.write(b"CONNECT {}\r\nPING\r\n")
    assert b"Authorization Violation" in await reader.read()
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize("command", ["EVAL 'return 1' 0", "CONFIG GET *", "KEYS *", "SHUTDOWN"])
async def test_the_cache_refuses_scripts_and_administration(
    state_dir: Path, start: Start, command: str
) -> None:
    _, urls = await start(state_dir)
    async with redis.asyncio.Redis.from_url(urls.redis) as cache:
        with pytest.raises(redis.exceptions.NoPermissionError):
            await cache.execute_command(*command.split())


async def test_the_cache_runs_scripts_that_were_loaded(state_dir: Path, start: Start) -> None:
    _, urls = await start(state_dir)
    async with redis.asyncio.Redis.from_url(urls.redis) as cache:
        assert await cache.register_script("return ARGV[1]")(args=["x"]) == b"x"


@pytest.mark.parametrize("name", ["postgres", "redis", "nats"])
async def test_one_that_dies_is_started_again_at_the_same_address(
    state_dir: Path, start: Start, name: str
) -> None:
    servers, urls = await start(state_dir)
    before = await count(urls.postgres)
    old = servers.pids()[name]
    os.kill(old, signal.SIGKILL)

    def is_back() -> bool:
        return servers.pids().get(name, old) != old

    async def answers() -> bool:
        try:
            await all_answer(urls)
        except (OSError, nats.errors.Error, redis.exceptions.RedisError, asyncpg.PostgresError):
            return False
        return True

    await until(is_back)
    await until(answers, within=20)
    assert await count(urls.postgres) > before


async def test_two_daemons_run_side_by_side(state_dir: Path, start: Start) -> None:
    _, one = await start(state_dir)
    _, two = await start(state_dir.with_name("t"))
    assert await count(one.postgres) == 1
    assert await count(two.postgres) == 1
    await asyncio.gather(all_answer(one), all_answer(two))


@pytest.mark.parametrize(
    "name", ["deep" * 12 + "/" + "deeper" * 10, "sp ace, é'\"q\\w$x %41"], ids=["long", "odd"]
)
async def test_a_folder_unfit_for_sockets_gets_another(state_dir: Path, start: Start, name: str) -> None:
    deep = state_dir / name
    servers, urls = await start(deep)
    await all_answer(urls)
    sockets = folders.sockets(deep)
    assert not sockets.is_relative_to(deep)
    assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
    await servers.close()
    assert not sockets.exists()


async def test_a_short_folder_that_somebody_else_made_is_refused(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folders.private(state_dir)))
    deep = state_dir / ("deep" * 12) / ("deeper" * 10)
    taken = folders.sockets(deep)
    taken.rmdir()
    taken.symlink_to(state_dir)
    with pytest.raises((Unavailable, FileExistsError)):
        folders.sockets(deep)


@_as_root
@_each_way
async def test_root_below_a_folder_closed_to_others(
    state_dir: Path, start: Start, make: Callable[[], privilege.Privilege]
) -> None:
    closed = state_dir / "closed"
    folders.private(closed)
    servers, urls = await start(closed / "s", make())
    await all_answer(urls)
    for pid in servers.pids().values():
        status = Path(f"/proc/{pid}/status").read_text()
        assert int(re.search(r"CapEff:\s*(\w+)", status)[1], 16) in (0, 2)  # type: ignore[index]  # always there
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


@_as_root
@_each_way
def test_root_may_have_installed_where_others_cannot_look(
    state_dir: Path, make: Callable[[], privilege.Privilege]
) -> None:
    closed = folders.private(state_dir)
    program = Path(shutil.copy("/usr/bin/test", closed))
    asked = make().command(program, "-x", str(program), reads=closed)
    assert subprocess.run(asked, check=False, timeout=10).returncode == 0


@_as_root
@_in_namespaces
async def test_root_may_change_how_it_becomes_somebody_else(state_dir: Path, start: Start) -> None:
    for number, make in enumerate((privilege.namespaced, privilege.unprivileged, privilege.namespaced), 1):
        servers, urls = await start(state_dir, make())
        assert await count(urls.postgres) == number
        await servers.close()


async def test_configured_servers_are_used_and_nothing_is_started(state_dir: Path) -> None:
    services = Services(
        postgres=SecretStr("postgresql://u:p@db/x"),
        redis=SecretStr("redis://cache:6379/0"),
        nats=SecretStr("nats://queue:4222"),
    )
    servers = EmbeddedServers()
    urls = await servers.start(Config(state_dir=state_dir, services=services))
    assert (urls.postgres, urls.redis, urls.nats) == (
        "postgresql://u:p@db/x",
        "redis://cache:6379/0",
        "nats://queue:4222",
    )
    assert servers.pids() == {}
    assert not state_dir.exists()


async def test_a_server_that_cannot_start_says_why_and_leaves_nothing_running(
    state_dir: Path, start: Start
) -> None:
    servers, _ = await start(state_dir)
    await servers.close()
    (state_dir / "postgres/data/postgresql.conf").write_text("nonsense here\n")
    failing = EmbeddedServers()
    with pytest.raises(Unavailable, match="postgres did not start"):
        await failing.start(Config(state_dir=state_dir))
    assert failing.pids() == {}
