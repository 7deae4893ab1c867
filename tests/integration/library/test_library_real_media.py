"""Real films through the real probe: measured facts in the lists, and bytes that playback can find."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from sokoul.engines.ffmpeg.pool import WorkerPool
from sokoul.engines.ffmpeg.reader import FfmpegReader
from sokoul.features.library.adopt import Adopter
from sokoul.features.library.announce import Announcer
from sokoul.features.library.ledger import Ledger
from sokoul.features.library.recognise import Recogniser
from sokoul.features.library.scan import Scanner
from sokoul.store.claims import ClaimStore
from sokoul.store.database import Database
from sokoul.store.playable import PlayableFiles
from tests.integration.library.house import DUNE, House, build
from tests.samples import sample


@pytest.fixture
async def real(database: Database, tmp_path: Path) -> AsyncIterator[House]:
    """A library that probes by FFmpeg."""
    house = build(database, tmp_path, DUNE)
    pool = WorkerPool(size=2)
    reader = FfmpegReader(pool)
    service, folders = house.service, house.folders
    parts = (folders, service.shelf, reader, Recogniser(house.metadata), Announcer(house.live))
    adopter = Adopter(*parts, Ledger(ClaimStore(database)))
    service = replace(service, adopter=adopter, scanner=Scanner(*parts, settled_after=0.0))
    yield replace(house, service=service)
    await pool.close()
    await service.close()


async def test_a_real_film_is_adopted_with_what_is_in_it(real: House) -> None:
    done = await real.finished("Dune.Part.Two.2024.1080p", "dune.mkv", work=DUNE)
    film = await asyncio.to_thread(sample, "ac3.mkv")
    shutil.copyfile(film, done.files[0].path)
    done = replace(done, files=(replace(done.files[0], size_bytes=film.stat().st_size),))
    adopted = await real.service.adopt(done)
    assert real.names() == ["Dune - Deuxième partie (2024)/Dune - Deuxième partie (2024) - 180p.mkv"]
    (stored,) = await PlayableFiles(real.database).of_media(adopted.media_id)
    assert stored.facts is not None
    assert (stored.facts.video.codec, stored.facts.audio[0].codec) == ("h264", "ac3")
    assert [track.language for track in stored.facts.subtitles][:1] == ["fre"]
    assert stored == await PlayableFiles(real.database).get(adopted.files[0])
    leaf = await real.service.catalogue.file(str(adopted.files[0]))
    assert (leaf.width, leaf.height, leaf.audio_channels) == (320, 180, 6)


async def test_what_pretends_to_be_a_film_is_broken_and_says_so(real: House) -> None:
    real.folders.movies.mkdir()
    (real.folders.movies / "Fake (2020).mkv").write_text("#EXTM3U\n/etc/passwd\n")
    (real.folders.movies / "Cut (2021).mkv").write_bytes(
        (await asyncio.to_thread(sample, "plain.mkv")).read_bytes()[:300]
    )
    report = await real.service.scanner.scan()
    assert report.added == 2
    rows = await real.database.rows("SELECT state, problem FROM media_files")
    assert {row["state"] for row in rows} == {"broken"}
    assert all(row["problem"] for row in rows)
