"""The demonstration: what Sokoul would find outside, made up on loopback; the daemon is the ordinary one."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import structlog

from sokoul.config.model import Config
from sokoul.testing import films
from sokoul.testing.fake_indexer import FakeIndexer, FakeRelease
from sokoul.testing.fake_tmdb import FakeTmdb
from sokoul.testing.swarm import Shared, Swarm

_log = structlog.get_logger(__name__)

KEY = "demo"
# Slow enough to see the film play while it comes in, quick enough not to bore.
RATE = 1_500_000
_PORT_FILE = "tracker-port"


@dataclass(frozen=True, slots=True)
class _Listed:
    """A release that is only listed: nobody seeds it."""

    title: str
    gigabytes: float
    seeders: int
    category: int = 2040


# What a search for "Dune 2" meets in the wild, so that the page has something to refuse.
_DUNE = (
    _Listed("Dune.Part.Two.2024.1080p.WEB-DL.DDP5.1.Atmos.H.264-FLUX", 8.9, 310),
    _Listed("Dune.Part.Two.2024.2160p.WEB-DL.DDP5.1.DV.HDR.H.265-FLUX", 24.1, 180, 2045),
    _Listed("Dune.Part.Two.2024.1080p.BluRay.x265.10bit.AAC5.1-Tigole", 6.2, 420),
    _Listed("Dune.Part.Two.2024.720p.WEBRip.x264-GalaxyRG", 1.4, 95),
    _Listed("Dune.Part.Two.2024.HDCAM.1080p.x264-C1NEM4", 3.1, 900),
    _Listed("Dune.Part.Two.2024.1080p.HDTS.x264.AAC-Will1869", 4.4, 260),
    _Listed("Dune.Part.Two.2024.1080p.WEB-DL.sample-FLUX", 0.04, 12),
    _Listed("Dune.2021.1080p.BluRay.x264-SPARKS", 10.9, 150),
    _Listed("Dune.1984.1080p.BluRay.x264-AMIABLE", 9.8, 60),
    _Listed("Dune.Part.Two.2024.1080p.WEB-DL.DDP5.1.H.264-FLUX.exe", 0.9, 33),
    _Listed("Hans Zimmer - Dune Part Two (Original Motion Picture Soundtrack) (2024) FLAC", 0.5, 45, 3040),
    _Listed("Dune.Prophecy.S01E01.1080p.WEB.h264-ETHEL", 3.3, 210, 5040),
    _Listed("Jodorowskys.Dune.2013.DOCUMENTARY.1080p.BluRay.x264-FAPCAVE", 6.5, 25),
)


@asynccontextmanager
async def surroundings(config: Config) -> AsyncIterator[Config]:
    """Make the films, start catalogue, indexer and swarm, and give the configuration that uses them."""
    folder = config.state_dir / "films"
    made = await _films(folder, config.playback.ffmpeg)
    async with AsyncExitStack() as stack:
        swarm = Swarm(config.state_dir / "swarm", rate=RATE, port=_port_of_last_time(config.state_dir))
        await stack.enter_async_context(swarm)
        (config.state_dir / _PORT_FILE).write_text(swarm.allowed.rpartition(":")[2], encoding="ascii")
        tmdb = await stack.enter_async_context(FakeTmdb(api_key=KEY))
        shared = [await swarm.share(path) for path in made]
        indexer = FakeIndexer(_releases(shared), name="Demo", api_key=KEY, loose=True)
        await stack.enter_async_context(indexer)
        yield _using(config, swarm, tmdb, indexer)


async def _films(folder: Path, ffmpeg: str) -> list[Path]:
    wanted = (films.AURORA, films.COAST)
    if not all((folder / film.file_name).exists() for film in wanted):
        _log.info("drawing the films of the demonstration, once; this takes a while", folder=str(folder))
    return [await films.make(film, folder, ffmpeg=ffmpeg) for film in wanted]


def _port_of_last_time(state_dir: Path) -> int:
    """The tracker's port, kept so that downloads of an earlier demonstration go on; 0 when it is taken."""
    try:
        port = int((state_dir / _PORT_FILE).read_text(encoding="ascii"))
        with socket.create_server(("127.0.0.1", port)):
            return port
    except (OSError, ValueError):
        return 0


def _releases(shared: Sequence[Shared]) -> list[FakeRelease]:
    now = datetime.now(UTC)
    real = [
        FakeRelease(
            one.name.rpartition(".")[0],
            one.size,
            seeders=1,
            leechers=0,
            category=2040,
            info_hash=one.info_hash,
            magnet=one.magnet,
            published=now - timedelta(days=2),
        )
        for one in shared
    ]
    return real + [_listed(one, now) for one in _DUNE]


def _listed(one: _Listed, now: datetime) -> FakeRelease:
    release = FakeRelease(one.title, int(one.gigabytes * 1e9), one.seeders, category=one.category)
    digest = release.guid
    return FakeRelease(
        one.title,
        release.size,
        one.seeders,
        leechers=one.seeders // 8,
        category=one.category,
        info_hash=digest,
        published=now - timedelta(days=30),
    )


def _using(config: Config, swarm: Swarm, tmdb: FakeTmdb, indexer: FakeIndexer) -> Config:
    providers = config.providers.model_copy(
        update={
            "tmdb": config.providers.tmdb.model_validate(
                {
                    "api_key": KEY,
                    "base_url": tmdb.base_url,
                    "image_base_url": tmdb.image_base_url,
                    "language": config.providers.tmdb.language,
                }
            ),
            "tvmaze": config.providers.tvmaze.model_copy(update={"enabled": False}),
            "wikidata": config.providers.wikidata.model_copy(update={"enabled": False}),
            "indexers": _indexers(config, indexer),
        }
    )
    allowed = (*config.http.outbound_allow, swarm.allowed)
    return config.model_copy(
        update={
            "providers": providers,
            "http": config.http.model_copy(update={"outbound_allow": allowed}),
            "torrent": config.torrent.model_copy(update={"dht": False, "lsd": False}),
        }
    )


def _indexers(config: Config, indexer: FakeIndexer) -> tuple[Any, ...]:
    described = {"name": "Demo", "type": "torznab", "url": indexer.torznab_url, "api_key": KEY}
    return type(config.providers).model_validate({"indexers": [described]}).indexers
