"""The Test button of web pages, and the command that tries a definition."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sokoul.app.pages import trial
from sokoul.config.model import Config
from sokoul.config.providers import Pages, Providers
from sokoul.domain.errors import Invalid
from sokoul.testing.fake_archive import FakeArchive
from sokoul.testing.fake_player_site import FakePlayerSite


@pytest.fixture
async def archive() -> AsyncIterator[FakeArchive]:
    async with FakeArchive() as fake:
        yield fake


def configured(definitions: tuple[str, ...], allowed: tuple[str, ...] = (), **given: object) -> Config:
    """A configuration with these definitions."""
    pages = Pages.model_validate({"definitions": definitions, **given})
    config = Config(providers=Providers(pages=pages))
    return config.model_copy(update={"http": config.http.model_copy(update={"outbound_allow": allowed})})


async def test_one_that_answers(archive: FakeArchive, tmp_path: Path) -> None:
    file = tmp_path / "archive.yaml"
    shipped = Path("sokoul/providers/pages/shipped/internet-archive.yaml").read_text()
    file.write_text(archive.localised(shipped))
    config = configured((str(file),), (f"127.0.0.1:{archive.port}",))
    verdict = await trial(lambda: config)({})
    assert verdict.ok and "Internet Archive answers" in verdict.message, verdict
    inside = configured((str(file),))
    refused = await trial(lambda: inside)({})
    assert not refused.ok and "could not be reached" in refused.message, refused


async def test_what_is_wrong_has_a_cure(tmp_path: Path) -> None:
    nothing = await trial(lambda: configured(()))({})
    assert not nothing.ok and "internet-archive" in (nothing.cure or "")
    (tmp_path / "broken.yaml").write_text("name: broken")
    broken = await trial(lambda: configured(()))({"definitions": [str(tmp_path / "broken.yaml")]})
    assert not broken.ok and "is needed here" in broken.message
    typed = await trial(lambda: configured(()))({"definitions": "nobody, internet-archive"})
    assert not typed.ok and "called 'nobody'" in typed.message
    for value in (7, [7], ["x\0y"], "x" * 2000, ["x"] * 1000):
        with pytest.raises(Invalid):
            await trial(lambda: configured(()))({"definitions": value})


async def test_without_chromium(tmp_path: Path) -> None:
    async with FakePlayerSite(named=False) as site:
        file = tmp_path / "films.yaml"
        file.write_text(site.definition)
        config = configured((str(file),), tuple(site.allowed), chromium="/nowhere/chromium")
        verdict = await trial(lambda: config)({})
    assert not verdict.ok and "apt-get install chromium" in (verdict.cure or ""), verdict


def sokoul(*arguments: str, folder: Path, allowed: str = "") -> subprocess.CompletedProcess[str]:
    """One run of the program."""
    environ = {**os.environ, "SOKOUL_HTTP__OUTBOUND_ALLOW": json.dumps([allowed] if allowed else [])}
    command = [sys.executable, "-m", "sokoul", "pages", *arguments]
    environ["PYTHONPATH"] = str(Path.cwd())
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)


async def test_the_command_tells_step_by_step(archive: FakeArchive, tmp_path: Path) -> None:
    shipped = Path("sokoul/providers/pages/shipped/internet-archive.yaml").read_text()
    (tmp_path / "archive.yaml").write_text(archive.localised(shipped))
    allowed = f"127.0.0.1:{archive.port}"

    async def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return await asyncio.to_thread(sokoul, *arguments, folder=tmp_path, allowed=allowed)

    found = await run("test", "archive.yaml", "Big Buck Bunny 2008")
    assert found.returncode == 0, found.stderr
    for part in ("goto     http", "read     1 of", "offer    Big Buck Bunny 2008 1080p", "done     4 found"):
        assert part in found.stdout, found.stdout
    nothing = await run("test", "archive.yaml", "Nobody Knows It")
    assert nothing.returncode == 1 and "nothing was found" in nothing.stderr
    one = await run("test", "archive.yaml", f"http://{allowed}/metadata/Sintel")
    assert one.returncode == 1, one.stdout  # its link needs the identifier, which the listing brings
    assert "without a usable address" in one.stdout
    away = await run("test", "archive.yaml", "http://elsewhere.example/")
    assert away.returncode == 1 and "not among the definition's hosts" in away.stdout
    wrong = await run("test", "nobody", "x")
    assert wrong.returncode == 1 and "comes with Sokoul" in wrong.stderr
    listed = await run("list")
    assert listed.returncode == 0 and "internet-archive" in listed.stdout
    schema = await run("schema")
    assert json.loads(schema.stdout)["title"] == "Sokoul page definition"
