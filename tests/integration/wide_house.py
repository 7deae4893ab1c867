"""The whole application with its own searches and downloads, as one process that runs several roles."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import ClientSession

import sokoul.app as application
from sokoul.app import api, applying, foundation, parts
from sokoul.config.model import Config
from sokoul.engines.embedded.servers import Urls
from sokoul.web.signing import KeyRing
from tests.integration.house import House, inhabited
from tests.site import OFF, make_accounts


@asynccontextmanager
async def opened(
    servers: Urls, database_url: str, tmp_path: Path, roles: list[str], settings: Mapping[str, Any]
) -> AsyncIterator[House]:
    """Running, with the people of `House` in it; `settings` as in the configuration file."""
    config = Config.model_validate(
        {
            "state_dir": tmp_path,
            "roles": ["api", *roles],
            "services": {"postgres": database_url, "redis": servers.redis, "nats": servers.nats},
            "library": {"movies": tmp_path / "movies", "series": tmp_path / "series", "watch": False},
            "torrent": {"directory": tmp_path / "downloads", "listen": "127.0.0.1:0"},
            "limits": {**OFF, "downloads": 0},
            **settings,
            "http": {"host": "127.0.0.1", "port": 0, **settings.get("http", {})},
            "providers": {
                "tvmaze": {"enabled": False},
                "wikidata": {"enabled": False},
                **settings.get("providers", {}),
            },
        }
    )
    async with AsyncExitStack() as stack:
        base = await stack.enter_async_context(foundation.opened(config, locked=frozenset(), demo=False))
        built = await parts.build(base, stack)
        await applying.hear(base, built)
        await application.work(base, built, stack)
        port = await api.start(base, built, stack)
        http = await stack.enter_async_context(ClientSession())
        people = make_accounts(base.database, tmp_path, KeyRing.generate(), config)
        yield await inhabited(http, f"http://127.0.0.1:{port}", people)
        people.close()
