"""The whole way over HTTP: a catalogue tells, the oracle reads, somebody asks by meaning and sees why."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from sokoul.app import api, foundation, parts
from sokoul.app.meaning import Meaning
from sokoul.bus.bus import Bus
from sokoul.config.model import Config
from sokoul.domain.media import MediaType, Work
from sokoul.engines.embedded.servers import Urls
from sokoul.providers.metadata.sources import MetadataSources
from sokoul.store.media import MediaShelf
from sokoul.testing.fake_tmdb import FakeTmdb
from sokoul.web.signing import KeyRing
from tests.integration.house import House, inhabited
from tests.sentence_model import converted
from tests.site import OFF, make_accounts

TOLD = Work(
    MediaType.MOVIE,
    "Sous la glace",
    2019,
    tmdb_id=4242,
    overview="Une équipe de chercheurs perce la banquise et réveille ce qui y dormait.",
    english="A team of researchers drills through the ice sheet and wakes what was asleep in it.",
    genres=("Horreur",),
    people=("Lena Frost",),
)


@dataclass
class Home:
    """The application, a catalogue it can ask, and what is behind the pages."""

    house: House
    meaning: Meaning
    knowledge: MetadataSources
    shelf: MediaShelf
    blind: bool


@pytest.fixture(params=[True, False], ids=["model", "blind"])
async def home(
    request: pytest.FixtureRequest, servers: Urls, database_url: str, bus: Bus, tmp_path: Path
) -> AsyncIterator[Home]:
    async with AsyncExitStack() as stack:
        tmdb = await stack.enter_async_context(FakeTmdb(api_key="key"))
        config = Config.model_validate(
            {
                "state_dir": tmp_path,
                "roles": ["api"],
                "http": {"host": "127.0.0.1", "port": 0},
                "services": {"postgres": database_url, "redis": servers.redis, "nats": servers.nats},
                "library": {"movies": tmp_path / "m", "series": tmp_path / "s", "watch": False},
                "torrent": {"directory": tmp_path / "downloads", "listen": "127.0.0.1:0"},
                "providers": {
                    "tmdb": {
                        "api_key": "key",
                        "base_url": tmdb.base_url,
                        "image_base_url": tmdb.image_base_url,
                    },
                    "tvmaze": {"enabled": False},
                    "wikidata": {"enabled": False},
                },
                "oracle": {"embeddings": {"gguf": converted("q8_0") if request.param else None}},
                "limits": {**OFF, "downloads": 0},
            }
        )
        base = await stack.enter_async_context(foundation.opened(config, locked=frozenset(), demo=False))
        built = await parts.build(base, stack)
        port = await api.start(base, built, stack)
        http = await stack.enter_async_context(ClientSession())
        people = make_accounts(base.database, tmp_path, KeyRing.generate(), config)
        stack.callback(people.close)
        house = await inhabited(http, f"http://127.0.0.1:{port}", people)
        yield Home(
            house, built.meaning, built.sources.knowledge, MediaShelf(base.database), not request.param
        )


async def _ask(home: Home, path: str) -> dict[str, Any]:
    status, told = await home.house.ask("alice", "GET", path)
    assert status == 200, told
    assert isinstance(told, dict)
    return told


async def test_what_a_catalogue_told_is_found_by_meaning_with_reasons(home: Home) -> None:
    found = await home.knowledge.find("Dune", MediaType.MOVIE, None)
    described = await home.knowledge.describe(found[0])
    assert described.people and described.keywords and described.english
    home.meaning.memory.note([TOLD])
    await home.meaning.memory.write()
    await home.meaning.reader.read_all()

    blind = home.blind
    told = await _ask(home, "/media?semantic=scientists+drill+into+the+ice+and+wake+a+creature&page_size=5")

    first = told["items"][0]
    assert (first["title"], first["id"], first["owned"]) == ("Sous la glace", None, False)
    assert first["overview"].startswith("Une équipe") and 0 < first["score"] <= 100
    assert first["time_to_play"]["state"] == "search"
    assert first["time_to_play"]["message_fr"] == "pas ici\u00a0: à rechercher"
    assert first["reasons"] and all(one["reason"] and one["reason_fr"] for one in first["reasons"])
    assert told["by_meaning"] is not blind
    assert [note["code"] for note in told["notes"]] == (["semantic.words_alone"] if blind else [])
    assert told["page_size"] == 5 and told["total"] >= len(told["items"])


async def test_the_library_and_its_people_and_years(home: Home) -> None:
    listed = await home.shelf.ensure_title(TOLD)
    home.meaning.memory.note([TOLD])
    await home.meaning.memory.write()
    await home.meaning.reader.read_all()

    told = await _ask(home, "/media?semantic=horror+with+Lena+Frost+from+2019")

    [item] = told["items"]
    assert item["id"] == str(listed)
    assert {"with Lena Frost", "from 2019", "horror, as asked"} <= {one["reason"] for one in item["reasons"]}
    assert told["understood"]["years"] == [2019, 2019] and told["understood"]["people"] == ["Lena Frost"]
    assert (await _ask(home, "/media?semantic=horror+from+2019&owned=true"))["items"] == []
    status, _ = await home.house.ask("alice", "GET", "/media?semantic=%3F%3F")
    assert status == 422
    status, _ = await home.house.ask("alice", "GET", "/media?semantic=" + "x" * 301)
    assert status == 422


async def test_health_tells_of_the_model_and_settings_change_it(home: Home, tmp_path: Path) -> None:
    def told() -> Any:
        return home.house.ask("root", "GET", "/../../health/deep")

    status, health = await told()
    check = health["checks"]["embeddings"]
    assert status == 200 and check["status"] == ("off" if home.blind else "ok"), check

    home.meaning.use(Config.model_validate({"oracle": {"embeddings": {"gguf": tmp_path / "absent.gguf"}}}))
    answer = await _ask(home, "/media?semantic=a+shark+at+the+beach")
    assert [note["code"] for note in answer["notes"]] == ["semantic.model_failed"]
    _, health = await told()
    assert health["checks"]["embeddings"]["status"] == "degraded" or "absent.gguf" in str(health["checks"])

    home.meaning.use(Config.model_validate({"oracle": {"embeddings": {"gguf": converted("q8_0")}}}))
    assert (await _ask(home, "/media?semantic=a+shark+at+the+beach"))["notes"] == []


async def test_recommendations_have_reasons_and_follow_what_was_watched(home: Home) -> None:
    assert (await _ask(home, "/recommendations"))["items"] == []
    await home.meaning.gatherer.gather()
    await home.meaning.memory.write()

    new = await _ask(home, "/recommendations?limit=10")
    assert len(new["items"]) == 10
    assert {one["reason"]["code"] for one in new["items"]} == {"because.popular"}

    inception = await home.knowledge.by_tmdb(27205, MediaType.MOVIE)
    media_id = await home.shelf.ensure_title(inception)
    body = {"media_id": str(media_id), "progress_seconds": 8000, "total_seconds": 8880}
    status, _ = await home.house.ask("alice", "POST", "/history/watch", body)
    assert status == 200
    await home.meaning.gatherer.gather()
    await home.meaning.memory.write()

    told = await _ask(home, "/recommendations?limit=12")
    assert len(told["items"]) == 12 and "Inception" not in {one["title"] for one in told["items"]}
    because = [one["reason"]["reason"] for one in told["items"]]
    assert any(text.startswith("Because you finished “Inception”") for text in because), because
    others = await home.house.ask("bob", "GET", "/recommendations?limit=12")
    assert not any("Inception”" in one["reason"]["reason"] for one in others[1]["items"])


async def test_a_title_in_short(home: Home) -> None:
    listed = await home.shelf.ensure_title(TOLD)
    home.meaning.memory.note([TOLD])
    await home.meaning.memory.write()

    told = await _ask(home, f"/media/{listed}/summary?language=fr")
    assert told == {"summary": TOLD.overview, "by": "rules", "coming": False}
    assert (await _ask(home, f"/media/{listed}/summary"))["summary"] == TOLD.english
    status, _ = await home.house.ask("alice", "GET", f"/media/{uuid.uuid4()}/summary")
    assert status == 404
    status, _ = await home.house.ask("alice", "GET", f"/media/{listed}/summary?language=xx")
    assert status == 422
