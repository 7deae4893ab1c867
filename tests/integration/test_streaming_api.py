"""Watching over HTTP: the file itself, or segments made on demand, behind the whole web."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from sokoul.domain.errors import NotFound
from sokoul.domain.media import MediaType
from sokoul.engines.ffmpeg.pool import WorkerPool
from sokoul.engines.ffmpeg.reader import FfmpegReader
from sokoul.features.playback.ports import DownloadFile, SidecarFile, StoredFile
from sokoul.features.playback.service import PlaybackService
from sokoul.web import keys
from sokoul.web.signing import Signer
from tests.samples import sample
from tests.site import Person, Site

Sites = Callable[..., Awaitable[Site]]


class Shelf:
    """A library of samples; each title has one file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: list[StoredFile] = []

    def put(self, name: str) -> StoredFile:
        sidecar = self.folder / "film.fr.srt"
        sidecar.write_bytes("1\n00:00:01,000 --> 00:00:02,000\nÇa <script>va</script>\n".encode("cp1252"))
        path = sample(name)
        file = StoredFile(uuid4(), uuid4(), path, path.stat().st_size, None, (SidecarFile(sidecar, "fr"),))
        self.files.append(file)
        return file

    async def get(self, file_id: UUID) -> StoredFile:
        for file in self.files:
            if file.file_id == file_id:
                return file
        raise NotFound("There is no such file")

    async def of_media(self, media_id: UUID) -> Sequence[StoredFile]:
        return [file for file in self.files if file.media_id == media_id]

    async def media_id(self, media_type: MediaType, tmdb_id: int) -> UUID:
        if (media_type, tmdb_id) != (MediaType.MOVIE, 603):
            raise NotFound("There is no such title")
        return self.files[0].media_id


class NoDownloads:
    """Nothing is being downloaded."""

    async def file(self, download_id: UUID, index: int | None, *, user_id: UUID) -> DownloadFile:
        raise NotFound("There is no such download")

    async def of_media(self, media_id: UUID, *, user_id: UUID) -> Sequence[DownloadFile]:
        return []


class SiteSigner:
    """The signer of the site, which is built after the service that needs it."""

    real: Signer

    def sign(self, subject: str, *, user_id: UUID, seconds: float = 60) -> str:
        return self.real.sign(subject, user_id=user_id, seconds=seconds)

    def address(self, path: str, *, user_id: UUID, seconds: float = 60) -> str:
        return self.real.address(path, user_id=user_id, seconds=seconds)


class Cinema:
    """A site with films, and somebody who watches."""

    def __init__(self, site: Site, shelf: Shelf, viewer: Person) -> None:
        self.site, self.shelf, self.viewer = site, shelf, viewer

    async def start(self, name: str, **body: Any) -> dict[str, Any]:
        file = self.shelf.put(name)
        reply = await self.site.ask("POST", f"/api/v1/streaming/{file.file_id}/start", self.viewer, json=body)
        answer: dict[str, Any] = await reply.json()
        assert reply.status == 201, answer
        return answer

    async def bytes_of(self, url: str, status: int = 200, **headers: str) -> bytes:
        reply = await self.site.ask("GET", url, headers=headers)
        assert reply.status == status, url
        return await reply.read()

    def address(self, url: str) -> str:
        return f"{self.site.origin}{url}"


@pytest.fixture
async def cinema(sites: Sites, tmp_path: Path) -> AsyncIterator[Cinema]:
    pool, shelf, signer = WorkerPool(), Shelf(tmp_path), SiteSigner()
    service = PlaybackService(files=shelf, downloads=NoDownloads(), reader=FfmpegReader(pool), signer=signer)
    site = await sites(services={keys.PLAYBACK: service})
    signer.real = site.app[keys.SIGNER]
    yield Cinema(site, shelf, await site.person())
    await service.close()
    await pool.close()


async def ffmpeg_sees(address: str, *before: str) -> list[str]:
    """Fingerprints of every picture that FFmpeg gets from an address; fails when it complains."""
    command = ["ffmpeg", "-v", "error", *before, "-i", address, "-map", "0:v", "-f", "framehash", "-"]
    told = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, timeout=60)
    assert (told.returncode, told.stderr) == (0, "")
    return [line.split(",")[-1].strip() for line in told.stdout.splitlines() if not line.startswith("#")]


async def test_a_film_that_fits_is_played_as_it_is(cinema: Cinema) -> None:
    started = await cinema.start("fast.mp4")
    assert (started["mode"], round(started["duration"])) == ("direct", 20)
    assert started["reasons"]
    whole = sample("fast.mp4").read_bytes()
    assert await cinema.bytes_of(started["url"]) == whole
    assert await cinema.bytes_of(started["url"], 206, Range="bytes=1000-1999") == whole[1000:2000]
    reply = await cinema.site.ask("HEAD", started["url"])
    assert (reply.status, reply.content_type, reply.content_length) == (200, "video/mp4", len(whole))


async def test_another_container_is_played_by_segments(cinema: Cinema) -> None:
    started = await cinema.start("plain.mkv")
    assert started["mode"] == "remux"
    frames = await ffmpeg_sees(cinema.address(started["url"]))
    assert frames == await ffmpeg_sees(str(sample("plain.mkv")))


async def test_any_place_can_be_jumped_to(cinema: Cinema, tmp_path: Path) -> None:
    """As a player jumps: the piece that the playlist has for that time, asked for first of all."""
    started = await cinema.start("ac3.mkv", start_at=15.0)
    lines = (await cinema.bytes_of(started["url"])).decode().split("\n")
    lengths = [float(line[8:-1]) for line in lines if line.startswith("#EXTINF:")]
    number = next(n for n in range(len(lengths)) if sum(lengths[: n + 1]) > 15)
    names = [line for line in lines if line.startswith("segments/")]
    base = started["url"].partition("main.m3u8")[0]
    piece = tmp_path / "piece.mp4"
    init = await cinema.bytes_of(started["url"].replace("main.m3u8", "init.mp4"))
    piece.write_bytes(init + await cinema.bytes_of(base + names[number]))
    begins = round(sum(lengths[:number]) * 25)
    original = await ffmpeg_sees(str(sample("ac3.mkv")))
    assert await ffmpeg_sees(str(piece)) == original[begins : begins + round(lengths[number] * 25)]


async def test_subtitles_are_offered_and_harmless(cinema: Cinema) -> None:
    started = await cinema.start("ac3.mkv")
    assert [(s["index"], s["language"], s["forced"]) for s in started["subtitles"]] == [
        (2, "fre", False),
        (3, None, True),
        (1000, "fr", False),
    ]
    texts = [(await cinema.bytes_of(track["url"])).decode() for track in started["subtitles"]]
    assert all(text.startswith("WEBVTT\n\n00:00:01.0") for text in texts)
    assert "Ça va" in texts[2]
    assert "script" not in texts[2]


async def test_sound_tracks_are_offered_and_chosen(cinema: Cinema) -> None:
    started = await cinema.start("two-sounds.mkv", audio=2)
    tracks = [(track["index"], track["codec"], track["selected"]) for track in started["audio_tracks"]]
    assert tracks == [(1, "aac", False), (2, "flac", True)]
    assert b"mp4a" in await cinema.bytes_of(started["url"].replace("main.m3u8", "init.mp4"))


async def test_a_client_says_what_it_can(cinema: Cinema) -> None:
    able = {"containers": ["matroska"], "video": ["hevc"], "audio": ["aac"]}
    assert (await cinema.start("hevc.mkv", client=able))["mode"] == "direct"
    file = cinema.shelf.put("plain.mkv")
    path = f"/api/v1/streaming/{file.file_id}/start"
    for wrong in (
        {"client": {"video": ["a b"]}},
        {"client": {"video": "h264"}},
        {"start_at": -1},
        {"audio": -1},
    ):
        assert (await cinema.site.ask("POST", path, cinema.viewer, json=wrong)).status == 422


async def test_a_picture_that_does_not_fit_is_coded_anew(cinema: Cinema) -> None:
    started = await cinema.start("mpeg4.avi", quality="120p")
    assert started["mode"] == "transcode"
    assert any("mpeg4" in reason for reason in started["reasons"])
    assert 495 <= len(await ffmpeg_sees(cinema.address(started["url"]))) <= 501


async def test_what_is_signed_for_one_session_opens_no_other(cinema: Cinema) -> None:
    one, two = await cinema.start("plain.mkv"), await cinema.start("plain.mkv")
    token = one["url"].partition("?")[2]
    for name in ("main.m3u8", "init.mp4", "segments/0.m4s", "subtitles/1000.vtt"):
        base = f"/api/v1/streaming/sessions/{two['session_id']}/{name}"
        assert await cinema.bytes_of(f"{base}?{token}", 401)
        assert await cinema.bytes_of(base, 401)
        stranger = await cinema.site.person("bob")
        assert (await cinema.site.ask("GET", base, stranger)).status == 404
        assert await cinema.bytes_of(base.replace(two["session_id"], one["session_id"]) + "?" + token)


async def test_segments_beyond_the_film_are_not_found(cinema: Cinema) -> None:
    started = await cinema.start("plain.mkv")
    for name in ("segments/999.m4s", "segments/x.m4s", "segments/99999999999.m4s", "subtitles/5.vtt"):
        await cinema.bytes_of(started["url"].replace("main.m3u8", name), 404)


async def test_a_stopped_session_is_over(cinema: Cinema) -> None:
    started = await cinema.start("plain.mkv")
    path = f"/api/v1/streaming/{started['session_id']}/stop"
    assert (await cinema.site.ask("POST", path, await cinema.site.person("bob"), json={})).status == 404
    assert (await cinema.site.ask("POST", path, cinema.viewer, json={})).status == 204
    assert (await cinema.site.ask("POST", path, cinema.viewer, json={})).status == 404
    await cinema.bytes_of(started["url"], 404)


async def test_how_to_play_a_title_is_told(cinema: Cinema) -> None:
    file = cinema.shelf.put("plain.mkv")
    for path in (f"/api/v1/streaming/direct/{file.media_id}", "/api/v1/streaming/direct/movie/603"):
        told = await (await cinema.site.ask("GET", path, cinema.viewer)).json()
        assert (told["mode"], told["container"]) == ("remux", "matroska")
        assert told["expires_at"].endswith("Z")
        assert await cinema.bytes_of(told["url"]) == sample("plain.mkv").read_bytes()
    for path in (f"direct/{uuid4()}", "direct/movie/1", "direct/film/603", "direct/movie/x", "direct/x"):
        assert (await cinema.site.ask("GET", f"/api/v1/streaming/{path}", cinema.viewer)).status == 404
    told = await (
        await cinema.site.ask("GET", f"/api/v1/streaming/providers/{file.media_id}", cinema.viewer)
    ).json()
    assert [(place["kind"], place["id"]) for place in told] == [("file", str(file.file_id))]


async def test_bytes_need_a_token_of_their_own_or_a_person(cinema: Cinema) -> None:
    file = cinema.shelf.put("fast.mp4")
    path = f"/api/v1/files/{file.file_id}/stream"
    assert (await cinema.site.ask("GET", path)).status == 401
    assert (await cinema.site.ask("GET", f"{path}?token=x")).status == 401
    assert (await cinema.site.ask("GET", path, cinema.viewer)).status == 200
    other = cinema.shelf.put("end.mp4")
    started = await cinema.start("fast.mp4")
    token = started["url"].partition("?")[2]
    assert (await cinema.site.ask("GET", f"/api/v1/files/{other.file_id}/stream?{token}")).status == 401
    assert (await cinema.site.ask("GET", f"/api/v1/files/{uuid4()}/stream", cinema.viewer)).status == 404
