"""A search result becomes a download: of which film, where that is known."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

import pytest

from sokoul.app.downloading import film_of
from sokoul.domain.users import User
from sokoul.features.download.service import DownloadService, Wish
from sokoul.store.database import Database
from sokoul.store.downloads import DownloadStore
from sokoul.store.media import MediaShelf
from tests.integration.download.rig import Rig

FILM = {"media_type": "movie", "title": "Aurora Field", "year": 2024, "tmdb_id": 89000088}
SERIES = {"media_type": "tv", "title": "The Office", "year": 2005, "tmdb_id": 2316}
SEARCH = """
INSERT INTO searches (user_id, cache_key, query, profile, status, identified, trail_id, expires_at)
VALUES ($1, 'k', 'aurora', 'hd', 'completed', $2, 't', now() + interval '1 hour') RETURNING id
"""
RESULT = """
INSERT INTO search_results (id, search_id, guid, provider, providers, protocol, title, info_hash, magnet_link,
                            score, rejections, release, expires_at)
VALUES (gen_random_uuid(), $1, 'g', 'p', '{p}', 'torrent', 'Aurora.Field.2024', $2, $3, 0, $4, '{}',
        now() + interval '1 hour') RETURNING id
"""


async def picked(database: Database, user: User, work: dict[str, Any], *codes: str) -> uuid.UUID:
    """A result of a search for `work`, turned down for these reasons."""
    search_id = await database.value(SEARCH, user.id, work)
    digest = uuid.uuid4().hex + "00000000"
    refused = [{"code": code, "reason": "because"} for code in codes]
    return uuid.UUID(
        str(await database.value(RESULT, search_id, digest, f"magnet:?xt=urn:btih:{digest}", refused))
    )


@pytest.fixture
def service(rig: Rig, database: Database, tmp_path: Path) -> DownloadService:
    return DownloadService(
        rig.store,
        rig.bus,
        rig.reader,
        tmp_path,
        wake=lambda: None,
        title_of=lambda stored: film_of(MediaShelf(database), stored),
    )


async def test_the_film_is_known_from_the_first_second(
    service: DownloadService, database: Database, alice: User
) -> None:
    wish = Wish(result_id=await picked(database, alice, FILM, "quality"))
    added = await service.request(wish, by=alice.id)
    download = await service.get(added.id, by=alice)
    title = await database.row("SELECT title, tmdb_id FROM media WHERE id = $1", download.media_id)
    assert title is not None
    assert dict(title) == {"title": "Aurora Field", "tmdb_id": 89000088}


@pytest.mark.parametrize(("work", "codes"), [(FILM, ("wrong_title", "wrong_year")), (SERIES, ())])
async def test_what_was_turned_down_as_another_and_series_are_known_at_the_import(
    service: DownloadService, database: Database, alice: User, work: dict[str, Any], codes: tuple[str, ...]
) -> None:
    result = await picked(database, alice, work, *codes)
    offer = await DownloadStore(database).picked(result, alice.id)
    assert offer is not None
    assert (offer.work is None) is bool(codes), json.dumps(offer.work)
    added = await service.request(Wish(result_id=result), by=alice.id)
    assert (await service.get(added.id, by=alice)).media_id is None
