"""Sessions: begun, used, moved, ended."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from sokoul.domain.errors import NotFound, Refused
from sokoul.domain.media import MediaType
from sokoul.domain.mediafacts import (
    AudioFacts,
    LocalFile,
    MediaFacts,
    MediaSource,
    RangedHttp,
    SubtitleFacts,
    VideoFacts,
)
from sokoul.features.playback.cuts import KeyframeIndex, Segment
from sokoul.features.playback.ports import DownloadFile, SidecarFile, StoredFile
from sokoul.features.playback.service import PlaybackService, Wish
from sokoul.features.playback.sessions import DIRECT_LASTS, MOST_PER_USER, SEGMENTS_IDLE

ALICE, BOB = uuid4(), uuid4()
TEXT = SubtitleFacts(3, "subrip", "fre")
PICTURES = SubtitleFacts(4, "hdmv_pgs_subtitle", "eng", text=False)


def facts(container: str, video: str = "h264", height: int = 1080) -> MediaFacts:
    return MediaFacts(
        container,
        60.0,
        VideoFacts(0, video, 1920, height),
        (AudioFacts(1, "aac", 2, default=True),),
        (TEXT, PICTURES),
    )


def stored(container: str, media_id: UUID | None = None, *, height: int = 1080) -> StoredFile:
    sidecar = SidecarFile(Path("/films/film.en.srt"), "en")
    known = facts(container, height=height)
    path = Path(f"/films/{uuid4()}")
    return StoredFile(uuid4(), media_id or uuid4(), path, 1000, known, (sidecar,))


@dataclass
class Shelf:
    """Files of the library."""

    files: list[StoredFile] = field(default_factory=list)

    async def get(self, file_id: UUID) -> StoredFile:
        for file in self.files:
            if file.file_id == file_id:
                return file
        raise NotFound("no such file")

    async def of_media(self, media_id: UUID) -> Sequence[StoredFile]:
        return [file for file in self.files if file.media_id == media_id]

    async def media_id(self, media_type: MediaType, tmdb_id: int) -> UUID:
        if (media_type, tmdb_id) != (MediaType.MOVIE, 603):
            raise NotFound("no such title")
        return self.files[0].media_id


@dataclass
class Coming:
    """One download, whose source can be changed."""

    file_of: DownloadFile | None = None

    async def file(self, download_id: UUID, index: int | None, *, user_id: UUID) -> DownloadFile:
        if self.file_of is None or self.file_of.download_id != download_id or user_id != ALICE:
            raise NotFound("no such download")
        return self.file_of

    async def of_media(self, media_id: UUID, *, user_id: UUID) -> Sequence[DownloadFile]:
        return [self.file_of] if self.file_of else []


@dataclass
class Reader:
    """Makes segments that tell what they were made from; waits at the gate when it is closed."""

    made: list[tuple[MediaSource, int]] = field(default_factory=list)
    joined: dict[int, bool] = field(default_factory=dict)
    gone: set[MediaSource] = field(default_factory=set)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    async def facts(self, source: MediaSource) -> MediaFacts:
        return facts("matroska")

    async def index(self, source: MediaSource) -> KeyframeIndex:
        return KeyframeIndex(tuple(range(0, 60_000, 2000)), 0, False, Fraction(1, 1000), 0.0, 60.0)

    async def init(self, source: MediaSource, audio: int | None) -> bytes:
        return f"init {audio}".encode()

    async def segment(
        self,
        source: MediaSource,
        audio: int | None,
        index: KeyframeIndex,
        segment: Segment,
        *,
        joined: bool = True,
    ) -> bytes:
        self.joined[segment.number] = joined
        await self.gate.wait()
        if source in self.gone:
            raise Refused("source_failed", "the download is elsewhere now")
        self.made.append((source, segment.number))
        return f"segment {segment.number}".encode()

    async def coded_init(self, source: MediaSource, audio: int | None, height: int | None) -> bytes:
        return f"coded init {audio} {height}".encode()

    async def coded_segment(
        self, source: MediaSource, audio: int | None, segment: Segment, height: int | None
    ) -> bytes:
        return f"coded {segment.number} {segment.begins:g}-{segment.ends:g} {height}".encode()

    async def embedded_subtitle(self, source: MediaSource, index: int, language: str | None) -> bytes:
        return f"track {index} {language}".encode()

    async def sidecar_subtitle(self, path: Path, language: str | None) -> bytes:
        return f"file {path} {language}".encode()


class Signer:
    """Signs in the open."""

    def sign(self, subject: str, *, user_id: UUID, seconds: float = 0) -> str:
        return f"signed({subject})"

    def address(self, path: str, *, user_id: UUID, seconds: float = 0) -> str:
        return f"{path}?token=t"


class World:
    """A service and all that is around it, with a clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0
        self.shelf, self.coming, self.reader = Shelf(), Coming(), Reader()
        self.service = PlaybackService(
            files=self.shelf,
            downloads=self.coming,
            reader=self.reader,
            signer=Signer(),
            clock=lambda: self.now,
            cache_bytes=25,
        )

    def put(self, container: str) -> StoredFile:
        file = stored(container)
        self.shelf.files.append(file)
        return file


@pytest.fixture
async def world() -> AsyncIterator[World]:
    made = World()
    yield made
    await made.service.close()


async def test_a_file_that_can_be_played_is_played_itself(world: World) -> None:
    file = world.put("mp4")
    started = await world.service.start(Wish(file.file_id), user_id=ALICE)
    assert started.session.mode == "direct"
    assert started.url == f"/api/v1/files/{file.file_id}/stream?token=t"
    base = f"/api/v1/streaming/sessions/{started.session.id}/"
    assert [(track.index, track.language, url) for track, url in started.subtitles] == [
        (3, "fre", f"{base}subtitles/3.vtt?token=signed({base})"),
        (1000, "en", f"{base}subtitles/1000.vtt?token=signed({base})"),
    ]
    with pytest.raises(NotFound):
        world.service.playlist(started.session.id, "t", user_id=ALICE)


async def test_subtitles_come_from_inside_and_beside(world: World) -> None:
    file = world.put("mp4")
    session = (await world.service.start(Wish(file.file_id), user_id=ALICE)).session
    assert await world.service.subtitle(session.id, 3, user_id=ALICE) == b"track 3 fre"
    assert await world.service.subtitle(session.id, 1000, user_id=ALICE) == b"file /films/film.en.srt en"
    for index in (4, 1001):
        with pytest.raises(NotFound):
            await world.service.subtitle(session.id, index, user_id=ALICE)


async def test_another_container_is_cut_into_segments(world: World) -> None:
    file = world.put("matroska")
    started = await world.service.start(Wish(file.file_id), user_id=ALICE)
    session = started.session
    assert session.mode == "remux"
    assert started.url.startswith(f"/api/v1/streaming/sessions/{session.id}/main.m3u8?token=")
    text = world.service.playlist(session.id, "abc", user_id=ALICE)
    assert session.cutting is not None
    assert text.count("#EXTINF") == text.count(".m4s?token=abc") == len(session.cutting.segments)
    assert await world.service.init(session.id, user_id=ALICE) == b"init 1"
    assert await world.service.segment(session.id, 4, user_id=ALICE) == b"segment 4"
    for number in (-1, 10_000):
        with pytest.raises(NotFound):
            await world.service.segment(session.id, number, user_id=ALICE)


async def test_a_picture_that_cannot_be_played_is_coded_anew(world: World) -> None:
    file = stored("matroska")
    hevc = StoredFile(file.file_id, file.media_id, file.path, 1, facts("matroska", "hevc"))
    world.shelf.files.append(hevc)
    session = (await world.service.start(Wish(file.file_id), user_id=ALICE)).session
    assert session.mode == "transcode"
    assert any("hevc" in reason for reason in session.reasons)
    assert await world.service.init(session.id, user_id=ALICE) == b"coded init 1 None"
    assert await world.service.segment(session.id, 3, user_id=ALICE) == b"coded 3 4-8 None"


async def test_fewer_lines_can_be_wanted(world: World) -> None:
    file = world.put("mp4")
    session = (await world.service.start(Wish(file.file_id, height=1080), user_id=ALICE)).session
    assert session.mode == "direct"
    session = (await world.service.start(Wish(file.file_id, height=720), user_id=ALICE)).session
    assert session.mode == "transcode"
    assert await world.service.segment(session.id, 0, user_id=ALICE) == b"coded 0 0-1 720"


async def test_what_cannot_be_played_at_all_is_refused(world: World) -> None:
    file = stored("matroska")
    endless = replace(facts("matroska", "hevc"), duration=0.0)
    world.shelf.files.append(replace(file, facts=endless))
    for wish in (Wish(file.file_id), Wish(world.put("mp4").file_id, audio=7)):
        with pytest.raises(Refused):
            await world.service.start(wish, user_id=ALICE)


async def test_a_segment_is_made_once_however_many_ask(world: World) -> None:
    session = (await world.service.start(Wish(world.put("matroska").file_id), user_id=ALICE)).session
    await world.service.segment(session.id, 0, user_id=ALICE)
    world.reader.gate.clear()
    asked = [asyncio.ensure_future(world.service.segment(session.id, 9, user_id=ALICE)) for _ in range(5)]
    await asyncio.sleep(0)
    asked.pop().cancel()
    world.reader.gate.set()
    assert await asyncio.gather(*asked) == [b"segment 9"] * 4
    assert [number for _, number in world.reader.made].count(9) == 1


async def test_a_download_that_moved_is_found_again(world: World) -> None:
    old = RangedHttp("/1", 1000, host="a", port=1)
    download = uuid4()
    world.coming.file_of = DownloadFile(download, 2, "film.mkv", 1000, old)
    session = (await world.service.start(Wish(download, file_index=2), user_id=ALICE)).session
    assert session.file_index == 2
    assert session.subtitles == ()  # they lie all over a film that is not here yet
    await world.service.segment(session.id, 3, user_id=ALICE)
    world.reader.gone.add(old)
    new = LocalFile(Path("/downloads/film.mkv"))
    world.coming.file_of = DownloadFile(download, 2, "film.mkv", 1000, new, complete=True)
    assert await world.service.segment(session.id, 8, user_id=ALICE) == b"segment 8"
    assert (new, 8) in world.reader.made


async def test_a_jump_in_a_download_waits_for_nothing_before_it(world: World) -> None:
    download = uuid4()
    world.coming.file_of = DownloadFile(download, 0, "film.mkv", 1000, RangedHttp("/1", 1000))
    session = (await world.service.start(Wish(download), user_id=ALICE)).session
    for number in (1, 9, 10):
        await world.service.segment(session.id, number, user_id=ALICE)
    assert world.reader.joined == {0: False, 1: True, 9: False, 10: True}


async def test_sessions_are_private_and_end(world: World) -> None:
    file = world.put("matroska")
    session = (await world.service.start(Wish(file.file_id), user_id=ALICE)).session
    with pytest.raises(NotFound):
        await world.service.segment(session.id, 0, user_id=BOB)
    with pytest.raises(NotFound):
        await world.service.stop(session.id, user_id=BOB)
    await world.service.stop(session.id, user_id=ALICE)
    with pytest.raises(NotFound):
        await world.service.segment(session.id, 0, user_id=ALICE)
    assert world.service.watching() == []


async def test_stopping_ends_what_is_being_made(world: World) -> None:
    session = (await world.service.start(Wish(world.put("matroska").file_id), user_id=ALICE)).session
    world.reader.gate.clear()
    asked = asyncio.ensure_future(world.service.segment(session.id, 5, user_id=ALICE))
    await asyncio.sleep(0)
    await world.service.stop(session.id, user_id=ALICE)
    with pytest.raises(NotFound):
        await asked


async def test_unused_sessions_are_forgotten(world: World) -> None:
    cut = (await world.service.start(Wish(world.put("matroska").file_id), user_id=ALICE)).session
    direct = (await world.service.start(Wish(world.put("mp4").file_id), user_id=ALICE)).session
    world.now = SEGMENTS_IDLE - 1
    world.service.playlist(cut.id, "", user_id=ALICE)
    world.now += SEGMENTS_IDLE - 1
    assert {session.id for session in world.service.watching()} == {cut.id, direct.id}
    world.now += 2
    assert [session.id for session in world.service.watching()] == [direct.id]
    world.now = DIRECT_LASTS + 1
    assert world.service.watching() == []


async def test_nobody_can_pile_up_sessions(world: World) -> None:
    file = world.put("mp4")
    for second in range(MOST_PER_USER + 5):
        world.now = float(second)
        last = (await world.service.start(Wish(file.file_id), user_id=ALICE)).session
    other = (await world.service.start(Wish(file.file_id), user_id=BOB)).session
    kept = {session.id for session in world.service.watching()}
    assert len(kept) == MOST_PER_USER + 1
    assert {last.id, other.id} <= kept


async def test_the_cheapest_then_the_best_file_is_the_direct_one(world: World) -> None:
    media = uuid4()
    small, large = stored("mp4", media, height=720), stored("mp4", media, height=1080)
    world.shelf.files += [stored("matroska", media, height=2160), small, large]
    found = await world.service.direct(media, user_id=ALICE)
    assert found.url == f"/api/v1/files/{large.file_id}/stream?token=t"
    assert (found.mode, found.container) == ("direct", "mp4")
    assert await world.service.direct_by_tmdb(MediaType.MOVIE, 603, user_id=ALICE)
    for wrong in (
        world.service.direct(uuid4(), user_id=ALICE),
        world.service.direct_by_tmdb(MediaType.TV, 1, user_id=ALICE),
    ):
        with pytest.raises(NotFound):
            await wrong


async def test_providers_are_files_and_downloads(world: World) -> None:
    file = world.put("mp4")
    download = uuid4()
    world.coming.file_of = DownloadFile(download, 0, "film.mkv", 7, RangedHttp("/1", 7))
    found = await world.service.providers(file.media_id, user_id=ALICE)
    assert [(place.kind, place.quality, place.url) for place in found] == [
        ("file", "1080p", f"/api/v1/files/{file.file_id}/stream?token=t"),
        ("download", None, f"/api/v1/downloads/{download}/files/0/stream?token=t"),
    ]
