"""Settings are changed by the API, kept sealed, told to the other processes, and used at once."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from sokoul.app import api, applying, foundation, parts
from sokoul.app.foundation import Foundation
from sokoul.app.parts import Parts
from sokoul.commands import stored_settings
from sokoul.commands.doctor import default_profile
from sokoul.config.load import Loaded
from sokoul.config.model import Config
from sokoul.domain.errors import ProviderUnavailable
from sokoul.domain.users import UserRole
from sokoul.engines.embedded.servers import Urls
from sokoul.features.search.ports import Query
from sokoul.testing.fake_indexer import FakeIndexer, sample_releases
from sokoul.web.signing import KeyRing
from tests.site import OFF, PASSWORD, make_accounts
from tests.waiting import until

NAS = {"name": "nas", "type": "torznab", "url": "http://10.0.0.1/api", "api_key": "canary-nas"}
STARS = "********"


class House:
    """Processes of one household: the first serves the API."""

    def __init__(self, config: Config, stack: AsyncExitStack) -> None:
        self._config, self._stack = config, stack
        self.url, self.token = "", ""
        self.http: ClientSession

    async def process(
        self, *, locked: frozenset[str] = frozenset(), config: Config | None = None
    ) -> tuple[Foundation, Parts]:
        opened = foundation.opened(config or self._config, locked=locked, demo=False)
        base = await self._stack.enter_async_context(opened)
        built = await parts.build(base, self._stack)
        await applying.hear(base, built)
        return base, built

    async def serve(self, base: Foundation, built: Parts) -> None:
        port = await api.start(base, built, self._stack)
        self.url = f"http://127.0.0.1:{port}/api/v1"
        self.http = await self._stack.enter_async_context(ClientSession())
        people = make_accounts(base.database, base.config.state_dir, KeyRing.generate(), base.config)
        self._stack.callback(people.close)
        await people.add("root", "root@example.org", UserRole.ADMIN, PASSWORD)
        body = {"username": "root", "password": PASSWORD}
        async with self.http.post(f"{self.url}/auth/login", json=body) as reply:
            self.token = (await reply.json())["access_token"]
        self.http.cookie_jar.clear()

    async def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.token}"}
        async with self.http.request(method, self.url + path, json=body, headers=headers) as reply:
            return reply.status, await reply.json()

    async def health(self) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.token}"}
        address = self.url.removesuffix("/api/v1") + "/health/deep"
        async with self.http.get(address, headers=headers) as reply:
            return reply.status, await reply.json()


@pytest.fixture
async def house(servers: Urls, database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    folders = {"movies": tmp_path / "movies", "series": tmp_path / "series", "watch": False}
    config = Config.model_validate(
        {
            "state_dir": tmp_path / "state",
            "roles": ["api", "scout"],
            "http": {"host": "127.0.0.1", "port": 0},
            "services": {"postgres": database_url, "redis": servers.redis, "nats": servers.nats},
            "library": folders,
            "torrent": {"directory": tmp_path / "downloads"},
            "providers": {"tvmaze": {"enabled": False}, "wikidata": {"enabled": False}},
            "limits": {**OFF, "downloads": 0},
        }
    )
    config.state_dir.mkdir()
    handlers, level = logging.getLogger().handlers[:], logging.getLogger().level
    async with AsyncExitStack() as stack:
        yield House(config, stack)
    logging.getLogger().handlers[:] = handlers
    logging.getLogger().setLevel(level)


async def test_a_change_is_used_at_once_by_every_process(house: House) -> None:
    first = await house.process()
    _, scout = second = await house.process()
    await house.serve(*first)
    body = {"providers": {"indexers": [NAS]}, "search.timeout": 7, "limits.search_per_minute": 1}
    status, done = await house.ask("PUT", "/settings", body)
    assert status == 200, done
    assert done["changed"] == ["limits.search_per_minute", "providers.indexers", "search.timeout"]
    assert done["restart_required"] == done["without_effect"] == []
    assert first[1].sources.sources.names() == ["library", "nas"]
    await until(lambda: scout.sources.sources.names() == ["library", "nas"], within=5)
    assert second[0].settings.current == first[0].settings.current

    assert (await house.ask("POST", "/search", {"query": "x"}))[0] == 202
    assert (await house.ask("POST", "/search", {"query": "x"}))[0] == 429

    status, done = await house.ask("PUT", "/settings", {"providers.indexers.nas": None})
    assert (status, done["changed"]) == (200, ["providers.indexers"])
    await until(lambda: scout.sources.sources.names() == ["library"], within=5)


async def test_folders_words_and_pictures_change_at_once(house: House, tmp_path: Path) -> None:
    first = _, built = await house.process()
    await house.serve(*first)
    assert built.library.service.catalogue.names.series == "Séries"
    films = str(tmp_path / "elsewhere")
    body = {"library": {"movies": films, "import": "copy"}, "providers.tmdb.language": "en-GB"}
    _, done = await house.ask("PUT", "/settings", body)
    assert done["restart_required"] == []
    assert str(built.library.folders.movies) == films
    assert built.library.folders.import_mode == "copy"
    assert built.library.service.catalogue.names.series == "Series"


async def test_secrets_are_sealed_at_rest_masked_outside_and_in_the_log_of_changes(house: House) -> None:
    first = base, _ = await house.process()
    await house.serve(*first)
    body = {"providers.tmdb.api_key": "canary-tmdb", "providers.indexers": [NAS]}
    assert (await house.ask("PUT", "/settings", body))[0] == 200
    rows = await base.database.rows("SELECT key, value FROM config WHERE key LIKE 'setting%'")
    assert {row["key"] for row in rows} == {
        "setting:providers.tmdb.api_key",
        "setting:providers.indexers",
        "settings.version",
    }
    assert "canary" not in json.dumps([row["value"] for row in rows])
    _, seen = await house.ask("GET", "/settings")
    assert seen["settings"]["providers"]["tmdb"]["api_key"] == STARS
    assert seen["made"] == ["providers.indexers", "providers.tmdb.api_key"]
    assert "providers.tmdb.api_key" in seen["editable"]
    assert "services.postgres" not in seen["editable"]
    _, log = await house.ask("GET", "/admin/audit-logs")
    changes = {row["object_id"]: row for row in log["items"] if row["action"] == "setting.change"}
    assert changes["providers.tmdb.api_key"]["old_value"] == {"value": None}
    assert changes["providers.tmdb.api_key"]["new_value"] == {"value": STARS}
    assert changes["providers.indexers"]["new_value"]["value"][0]["api_key"] == STARS
    assert changes["providers.indexers"]["username"] == "root"
    assert "canary" not in json.dumps([seen, log])

    assert (await house.ask("PUT", "/settings", seen["settings"]))[1]["changed"] == []
    again, _ = await house.process()
    assert again.config.providers.tmdb.api_key is not None
    assert again.config.providers.tmdb.api_key.get_secret_value() == "canary-tmdb"


async def test_what_is_refused_changes_nothing(house: House) -> None:
    first = base, _ = await house.process(locked=frozenset({"http.port", "providers.tvmaze.enabled"}))
    await house.serve(*first)
    status, told = await house.ask("PUT", "/settings", {"search.timeout": 3, "serch.timeout": 3})
    assert status == 422
    assert told["errors"] == [
        {"field": "serch.timeout", "message": "there is no such setting; did you mean search.timeout?"}
    ]
    status, told = await house.ask("PUT", "/settings", {"search.timeout": 3, "http.port": 80})
    assert status == 409
    assert "http.port is set in the configuration file or by an environment variable" in told["detail"]
    status, told = await house.ask("PUT", "/settings", {"search.timeout": "3"})
    assert (status, told["errors"][0]["field"]) == (422, "search.timeout")
    for body in ([], "x", 3, None):
        assert (await house.ask("PUT", "/settings", body))[0] in {400, 422}
    assert base.settings.current == base.config
    assert await base.database.rows("SELECT 1 FROM config WHERE key LIKE 'setting:%'") == []


async def test_what_needs_a_restart_says_so_until_then(house: House) -> None:
    first = await house.process()
    await house.serve(*first)
    _, done = await house.ask(
        "PUT", "/settings", {"dlna.name": "Salon", "torrent.max_active": 9, "vpn.config": "/x"}
    )
    assert done["restart_required"] == ["dlna.name", "torrent.max_active", "vpn.config"]
    assert done["without_effect"] == ["vpn.config"]
    assert (await house.ask("GET", "/settings"))[1]["restart_required"] == done["restart_required"]
    again, _ = await house.process()
    assert again.config.dlna.name == "Salon"
    assert again.settings.overview().restart_required == ()


async def test_what_no_longer_fits_is_left_aside_and_named(house: House) -> None:
    first = await house.process()
    await house.serve(*first)
    await house.ask("PUT", "/settings", {"providers.tmdb.api_key": "canary", "dlna.name": "Salon"})
    run = first[0].database.run
    await run("INSERT INTO config (key, value) VALUES ('setting:search.timeout', '\"soon\"')")
    await run("INSERT INTO config (key, value) VALUES ('setting:gone.away', '1')")
    elsewhere = first[0].config.model_copy(update={"state_dir": first[0].config.state_dir / "other"})
    elsewhere.state_dir.mkdir()
    later, _ = await house.process(config=elsewhere)
    assert later.config.dlna.name == "Salon"
    aside = later.settings.overview().aside
    assert set(aside) == {"search.timeout", "gone.away", "providers.tmdb.api_key"}
    assert "another key" in aside["providers.tmdb.api_key"]

    looked = await stored_settings.look(Loaded(elsewhere, frozenset()))
    assert (looked.aside, looked.missing_default) == (aside, None)

    await house.ask("PUT", "/settings", {"log.level": "warning"})
    named = (await house.ask("GET", "/settings"))[1]["aside"]
    assert [one["key"] for one in named] == ["gone.away", "search.timeout"]
    assert (await house.ask("PUT", "/settings", {"search.timeout": None}))[0] == 200
    named = (await house.ask("GET", "/settings"))[1]["aside"]
    assert [one["key"] for one in named] == ["gone.away"]


async def test_two_at_once_lose_nothing(house: House) -> None:
    first = await house.process()
    await house.serve(*first)
    changes = [{f"providers.indexers.n{i}": {**NAS, "name": f"n{i}", "api_key": f"k{i}"}} for i in range(8)]
    answers = await asyncio.gather(*(house.ask("PUT", "/settings", body) for body in changes))
    assert {status for status, _ in answers} == {200}
    assert len(first[0].settings.current.providers.indexers) == 8


async def test_a_source_that_fails_shows_so_and_a_good_test_wakes_it(house: House) -> None:
    first = _, built = await house.process()
    await house.serve(*first)
    async with FakeIndexer(sample_releases()) as fake:
        entry = {"name": "nas", "type": "torznab", "url": fake.torznab_url, "api_key": "wrong"}
        assert (await house.ask("PUT", "/settings", {"providers.indexers.nas": entry}))[0] == 200
        (nas,) = built.sources.sources.indexers
        for _ in range(5):
            with pytest.raises(ProviderUnavailable):
                await nas.search(Query(("dune",)))

        async def resting() -> dict[str, Any] | None:
            _, told = await house.ask("GET", "/providers")
            (found,) = told["items"]
            return found if found["state"] == "resting" and found["last_error"] else None

        seen = await until(resting, within=10)
        assert seen["breaker"]["state"] == "open"
        assert seen["success_rate_24h"] == 0
        assert "Copy the API key" in seen["last_error"]["cure"]
        assert "wrong" not in json.dumps(seen)
        _, health = await house.health()
        assert "asked again in" in health["checks"]["provider nas"]["message"]

        tried = {"name": "nas", "api_key": "fake-key"}
        assert (await house.ask("POST", "/settings/test/indexer", tried))[1]["ok"]
        assert built.sources.breakers.all()[0].state == "closed"
        await house.ask("PUT", "/settings", {"providers.indexers.nas.api_key": "fake-key"})
        (nas,) = built.sources.sources.indexers
        await nas.search(Query(("dune",)))
        _, told = await house.ask("GET", "/providers/nas/history")
        assert [one["outcome"] for one in told["asks"]][-1] == "failed"
    assert (await house.ask("GET", "/providers/nobody/history"))[0] == 404


async def test_a_profile_of_the_page_is_the_one_used_when_none_is_named(house: House) -> None:
    base, built = await house.process()
    await house.serve(base, built)
    assert (await house.ask("POST", "/profiles", {"name": "Evening", "minimum": "720p"}))[0] == 201
    assert (await house.ask("PUT", "/settings", {"quality.default_profile": "Evening"}))[0] == 200
    listed = (await house.ask("GET", "/profiles"))[1]["items"]
    assert [one["name"] for one in listed if one["household"]] == ["Evening"]
    assert (await house.ask("DELETE", "/profiles/Evening"))[0] == 409


async def test_a_default_profile_that_is_gone_is_named_and_another_is_used(house: House) -> None:
    base, built = await house.process()
    await house.serve(base, built)
    assert (await house.ask("PUT", "/settings", {"quality.default_profile": "gone"}))[0] == 200
    later_base, later = await house.process()
    assert (later.profiles.missing_default, later.profiles.default) == ("gone", "hd")
    assert later.profiles.choose(None, None).name == "hd"
    looked = await stored_settings.look(Loaded(later_base.config, frozenset()))
    (note,) = default_profile(looked)
    assert (note.state, note.what) == (
        "note",
        "quality.default_profile: there is no profile 'gone'; 'hd' is used",
    )
