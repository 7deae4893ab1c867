"""Real films, and things that pretend to be films, through real worker processes."""

from __future__ import annotations

import array
import asyncio
import contextlib
import itertools
import os
import random
import signal
import socket
import socketserver
import subprocess
import threading
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from sokoul.domain.errors import Refused
from sokoul.domain.mediafacts import Chapter, LocalFile, MediaFacts, MediaSource, RangedHttp
from sokoul.engines.ffmpeg.pool import WorkerPool
from sokoul.engines.ffmpeg.reader import FfmpegReader
from sokoul.features.playback.cuts import cut, even
from tests.samples import sample
from tests.waiting import until


@pytest.fixture
async def pool() -> AsyncIterator[WorkerPool]:
    made = WorkerPool(size=2)
    yield made
    await made.close()


@pytest.fixture
def reader(pool: WorkerPool) -> FfmpegReader:
    return FfmpegReader(pool)


async def test_the_facts_of_a_film(reader: FfmpegReader) -> None:
    facts = await reader.probe(sample("ac3.mkv"))
    assert (facts.container, round(facts.duration)) == ("matroska", 20)
    video = facts.video
    assert (video.codec, video.profile, video.width, video.height) == ("h264", "High", 320, 180)
    assert (video.pixel_format, video.frame_rate, video.hdr) == ("yuv420p", 25.0, None)
    assert [(a.codec, a.channels, a.language, a.default) for a in facts.audio] == [("ac3", 6, "eng", True)]
    assert [(s.codec, s.language, s.forced, s.text) for s in facts.subtitles] == [
        ("subrip", "fre", False, True),
        ("ass", None, True, True),
    ]
    assert facts.bit_rate is not None
    assert MediaFacts.from_dict(facts.as_dict()) == facts


@pytest.mark.parametrize(
    ("name", "container", "video", "audio"),
    [
        ("fast.mp4", "mp4", "h264", "aac"),
        ("end.mp4", "mp4", "h264", "aac"),
        ("stream.ts", "mpegts", "h264", "aac"),
        ("vp9.webm", "webm", "vp9", "opus"),
        ("hevc.mkv", "matroska", "hevc", "aac"),
        ("mpeg4.avi", "avi", "mpeg4", "mp3"),
    ],
)
async def test_codecs_have_their_own_names(
    reader: FfmpegReader, name: str, container: str, video: str, audio: str
) -> None:
    facts = await reader.probe(sample(name))
    assert (facts.container, facts.video.codec, facts.audio[0].codec) == (container, video, audio)
    assert abs(facts.duration - 20) < 0.2


async def test_chapters_are_read(reader: FfmpegReader) -> None:
    facts = await reader.probe(sample("chapters.mkv"))
    assert facts.chapters == (Chapter(0.0, 4.0, "Opening"), Chapter(4.0, 20.0, "The rest"))


PRETENDERS = {
    "playlist.mkv": b"#EXTM3U\n#EXTINF:5,\n{url}\n#EXT-X-ENDLIST\n",
    "concat.mp4": b"ffconcat version 1.0\nfile {canary}\n",
    "session.mkv": b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=video {port} RTP/AVP 96\n",
    "empty.mkv": b"",
    "one-byte.mkv": b"\x1a",
    "only-magic.mkv": b"\x1a\x45\xdf\xa3",
    "only-ftyp.mp4": b"\x00\x00\x00\x14ftypisom\x00\x00\x00\x00isom",
    "garbage.mkv": b"\x1a\x45\xdf\xa3" + random.Random(1).randbytes(200_000),
    "garbage.mp4": b"\x00\x00\x00\x14ftypisom" + random.Random(2).randbytes(200_000),
    "program.mkv": b"MZ\x90\x00" + bytes(1000),
    "sound.mp4": b"",
}


@pytest.fixture
def canary() -> Iterator[tuple[str, list[str]]]:
    """An address nobody may ask, and who did."""
    hits: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            hits.append(self.path)
            self.send_error(404)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/stolen.ts", hits
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("name", sorted(PRETENDERS))
async def test_what_only_pretends_is_refused(
    reader: FfmpegReader, tmp_path: Path, canary: tuple[str, list[str]], name: str
) -> None:
    url, hits = canary
    path = tmp_path / name
    if name == "sound.mp4":
        command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=d=1", "-c:a", "aac", str(path)]
        await asyncio.to_thread(subprocess.run, command, check=True)
    else:
        stolen = str(sample("plain.mkv")).encode()
        path.write_bytes(PRETENDERS[name].replace(b"{url}", url.encode()).replace(b"{canary}", stolen))
    for job in (reader.probe(path), reader.index(LocalFile(path))):
        with pytest.raises(Refused) as refusal:
            await job
        assert refusal.value.code in {"not_media", "damaged", "no_index"}
    assert hits == []


async def test_links_pipes_and_folders_are_refused(reader: FfmpegReader, tmp_path: Path) -> None:
    (tmp_path / "link.mkv").symlink_to(sample("plain.mkv"))
    os.mkfifo(tmp_path / "pipe.mkv")
    for name in ("link.mkv", "pipe.mkv", ".", "absent.mkv"):
        with pytest.raises(Refused):
            await reader.probe(tmp_path / name)


async def test_a_film_that_ends_early_still_has_facts(reader: FfmpegReader, tmp_path: Path) -> None:
    path = tmp_path / "cut.mkv"
    path.write_bytes(sample("plain.mkv").read_bytes()[:300_000])
    assert (await reader.probe(path)).video.codec == "h264"
    with contextlib.suppress(Refused):
        index = await reader.index(LocalFile(path))
        for segment in cut(index):
            with contextlib.suppress(Refused):
                await reader.segment(LocalFile(path), 1, index, segment)
    path.write_bytes(sample("end.mp4").read_bytes()[:300_000])
    with pytest.raises(Refused):
        await reader.probe(path)


def decoded(path: Path, what: str) -> list[tuple[int, str]]:
    """Time of showing and fingerprint of every frame; fails when FFmpeg complains about anything."""
    command = ["ffmpeg", "-v", "warning", "-i", str(path), "-map", f"0:{what}", "-f", "framehash", "-"]
    result = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    assert result.stderr == ""
    rows = [line.split(",") for line in result.stdout.splitlines() if not line.startswith("#")]
    return [(int(row[2]), row[-1].strip()) for row in rows]


async def segmented(
    reader: FfmpegReader, source: MediaSource, *, audio: int | None = 1, order: str = "forwards"
) -> tuple[bytes, list[bytes], list[float]]:
    """The initialisation segment, all media segments, and how long the playlist says they last."""
    index = await reader.index(source)
    segments = cut(index)
    init = await reader.init(source, audio)
    wanted = list(segments) if order == "forwards" else list(reversed(segments))
    made = {segment.number: await reader.segment(source, audio, index, segment) for segment in wanted}
    return init, [made[segment.number] for segment in segments], [segment.lasts for segment in segments]


@pytest.mark.parametrize(
    "name",
    [
        "fast.mp4",
        "end.mp4",
        "fragmented.mp4",
        "plain.mkv",
        "no-cues.mkv",
        "late.mkv",
        "stream.ts",
        "ac3.mkv",
        "vp9.webm",
        "hevc.mkv",
    ],
)
async def test_segments_are_the_film_whatever_the_order(
    reader: FfmpegReader, tmp_path: Path, name: str
) -> None:
    """Made last first, each alone; together every frame of the original once, at an even pace."""
    init, segments, lasts = await segmented(reader, LocalFile(sample(name)), order="backwards")
    whole = tmp_path / "whole.mp4"
    whole.write_bytes(init + b"".join(segments))
    assert len(segments) >= 4
    assert abs(sum(lasts) - 20) < 0.2
    original, copy = decoded(sample(name), "v"), decoded(whole, "v")
    assert [frame for _, frame in copy] == [frame for _, frame in original]
    assert {after - before for (before, _), (after, _) in itertools.pairwise(copy)} == {1}
    # 20 s are 937.5 frames of 1024 samples at 48 kHz.
    assert 936 <= len(decoded(whole, "a")) <= 941


async def test_open_groups_of_pictures_lose_only_what_a_jump_could_not_show(
    reader: FfmpegReader, tmp_path: Path
) -> None:
    source = LocalFile(sample("open-gop.mkv"))
    init, segments, _ = await segmented(reader, source)
    whole = tmp_path / "whole.mp4"
    whole.write_bytes(init + b"".join(segments))
    original, copy = decoded(sample("open-gop.mkv"), "v"), decoded(whole, "v")
    frames = [frame for _, frame in original]
    assert {frame for _, frame in copy} <= set(frames)
    assert len(frames) - 3 * len(segments) <= len(copy) < len(frames)


async def test_a_film_without_sound_has_segments_too(reader: FfmpegReader, tmp_path: Path) -> None:
    init, segments, _ = await segmented(reader, LocalFile(sample("silent.mkv")), audio=None)
    whole = tmp_path / "whole.mp4"
    whole.write_bytes(init + b"".join(segments))
    assert len(decoded(whole, "v")) == 500


def tone_of(path: Path) -> array.array[float]:
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-map", "0:a:0", "-ac", "1", "-ar", "48000"]
    raw = subprocess.run([*command, "-f", "f32le", "-"], check=True, capture_output=True).stdout
    return array.array("f", raw)


def roughness(samples: array.array[float]) -> float:
    """The sharpest corner of a curve: a click at a seam shows here."""
    middle = samples[4800:-4800]
    rows = zip(middle, middle[1:], middle[2:], strict=False)
    return max(abs(before - 2 * at + after) for before, at, after in rows)


async def test_recoded_sound_joins_without_a_seam(reader: FfmpegReader, tmp_path: Path) -> None:
    init, segments, _ = await segmented(reader, LocalFile(sample("ac3.mkv")), order="backwards")
    whole = tmp_path / "whole.mp4"
    whole.write_bytes(init + b"".join(segments))
    original, copy = tone_of(sample("ac3.mkv")), tone_of(whole)
    assert abs(len(copy) - len(original)) <= 2048
    assert roughness(copy) < 1.5 * roughness(original)


async def test_another_sound_track_can_be_heard(reader: FfmpegReader, tmp_path: Path) -> None:
    facts = await reader.probe(sample("two-sounds.mkv"))
    second = facts.audio[1]
    assert (second.codec, second.language, second.title) == ("flac", "eng", "Commentary")
    init, segments, _ = await segmented(reader, LocalFile(sample("two-sounds.mkv")), audio=second.index)
    whole = tmp_path / "whole.mp4"
    whole.write_bytes(init + b"".join(segments))
    tone = tone_of(whole)[48_000:96_000]
    crossings = sum(1 for before, after in itertools.pairwise(tone) if before < 0 <= after)
    assert 870 <= crossings <= 890  # the second track is 880 Hz, the first 440


async def test_a_later_segment_alone_has_the_right_time(reader: FfmpegReader, tmp_path: Path) -> None:
    source = LocalFile(sample("plain.mkv"))
    index = await reader.index(source)
    segment = cut(index)[-1]
    alone = tmp_path / "alone.mp4"
    made = await reader.segment(source, 1, index, segment)
    alone.write_bytes(await reader.init(source, 1) + made)
    fields = "stream=codec_type,start_time"
    command = ["ffprobe", "-v", "error", "-show_entries", fields, "-of", "csv=p=0", str(alone)]
    told = await asyncio.to_thread(subprocess.run, command, check=True, capture_output=True, text=True)
    starts = dict(line.split(",") for line in told.stdout.split())
    # FFmpeg takes the signed offsets of B-frames for up to two frames of delay; browsers do not.
    assert segment.begins - 0.05 <= float(starts["video"]) <= segment.begins + 0.1
    assert abs(float(starts["audio"]) - segment.begins) < 0.03


async def test_segments_are_quick(reader: FfmpegReader) -> None:
    source = LocalFile(sample("plain.mkv"))
    index = await reader.index(source)
    taken = []
    for _ in range(5):
        began = time.monotonic()
        await reader.init(source, 1)
        await reader.segment(source, 1, index, cut(index)[0])
        taken.append(time.monotonic() - began)
    assert min(taken) < 0.3


@pytest.mark.parametrize(
    ("name", "height"),
    [("hevc.mkv", None), ("mpeg4.avi", None), ("vp9.webm", 90), ("stream.ts", None), ("open-gop.mkv", None)],
)
async def test_a_picture_coded_anew_misses_nothing(
    reader: FfmpegReader, tmp_path: Path, name: str, height: int | None
) -> None:
    """Made last first, each segment alone; together every frame of the original once, and all the sound."""
    source = LocalFile(sample(name))
    segments = even((await reader.facts(source)).duration)
    made = {}
    for segment in reversed(segments):
        made[segment.number] = await reader.coded_segment(source, 1, segment, height)
    whole = tmp_path / "whole.mp4"
    init = await reader.coded_init(source, 1, height)
    whole.write_bytes(init + b"".join(made[segment.number] for segment in segments))
    facts = await reader.facts(LocalFile(whole))
    size = (160, 90) if height else (320, 180)
    assert (facts.video.codec, facts.video.width, facts.video.height) == ("h264", *size)
    assert (facts.video.pixel_format, facts.audio[0].codec) == ("yuv420p", "aac")
    frames = decoded(whole, "v")
    assert len(frames) == 500
    assert max(after - before for (before, _), (after, _) in itertools.pairwise(frames)) <= 2
    assert 936 <= len(decoded(whole, "a")) <= 941


@pytest.mark.parametrize(("name", "number"), [("ac3.mkv", 2), ("ac3.mkv", 3), ("texts.mp4", 2)])
async def test_text_tracks_become_webvtt(reader: FfmpegReader, name: str, number: int) -> None:
    text = (await reader.embedded_subtitle(LocalFile(sample(name)), number, "fr")).decode()
    lines = text.split("\n")
    assert lines[0] == "WEBVTT"
    assert any("Bonjour" in line and "toi" in line and line.endswith("é") for line in lines)
    assert "Deux rouge" in lines
    assert "font" not in text
    assert sum("-->" in line for line in lines) == 2
    assert lines[2].startswith("00:00:01.0")


async def test_subtitle_files_become_webvtt(reader: FfmpegReader, tmp_path: Path) -> None:
    path = tmp_path / "film.fr.srt"
    path.write_bytes("1\n00:00:01,000 --> 00:00:02,000\nŒuvre à Noël\n".encode("cp1252"))
    text = (await reader.sidecar_subtitle(path, "fr")).decode()
    assert text == "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nŒuvre à Noël\n"


async def test_a_worker_that_dies_costs_one_job(pool: WorkerPool, tmp_path: Path) -> None:
    reader = FfmpegReader(pool)
    with silent_server(tmp_path / "s") as source:
        job = asyncio.ensure_future(reader.facts(source))
        await until(lambda: len(pool.pids) == 1 and waits_for_data(pool.pids[0]))
        os.kill(pool.pids[0], signal.SIGSEGV)
        with pytest.raises(Refused) as refusal:
            await job
    assert refusal.value.code == "crashed"
    assert (await reader.probe(sample("plain.mkv"))).video.codec == "h264"


async def test_a_job_that_hangs_ends_in_time(pool: WorkerPool, tmp_path: Path) -> None:
    with silent_server(tmp_path / "s") as source:
        arguments = {"source": {**asdict(source), "socket": str(source.socket)}}
        with pytest.raises(Refused) as refusal:
            await pool.run("probe", arguments, seconds=1.0)
    assert refusal.value.code == "too_slow"
    await until(lambda: pool.pids == [])


async def test_no_worker_outlives_its_pool() -> None:
    pool = WorkerPool()
    await FfmpegReader(pool).probe(sample("plain.mkv"))
    (pid,) = pool.pids
    await pool.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_an_idle_worker_goes_home() -> None:
    pool = WorkerPool(idle_seconds=0.05)
    await FfmpegReader(pool).probe(sample("plain.mkv"))
    await until(lambda: pool.pids == [])
    await pool.close()


def waits_for_data(pid: int) -> bool:
    """Whether the process has a second socket open: it asked and waits for the answer."""
    links = (link for link in Path(f"/proc/{pid}/fd").iterdir())
    with contextlib.suppress(OSError):
        return any(str(link.readlink()).startswith("socket:") for link in links if int(link.name) > 2)
    return False


@contextlib.contextmanager
def silent_server(path: Path) -> Iterator[RangedHttp]:
    """A download whose bytes never come."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        yield RangedHttp("/film", 10_000_000, socket=path)


@pytest.fixture
def remote() -> Iterator[tuple[int, list[str]]]:
    """A download's door: ranges of `plain.mkv` over HTTP, and the ranges that were asked for."""
    content = {f"/{name}": sample(name).read_bytes() for name in ("plain.mkv", "end.mp4", "no-cues.mkv")}
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.headers["Range"])
            assert self.headers["X-Secret"] == "s"
            data = content[self.path][int(self.headers["Range"][6:-1]) :]
            self.send_response(206)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            with contextlib.suppress(ConnectionError):
                self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port, asked
    server.shutdown()
    thread.join()
    server.server_close()


def coming(port: int, name: str) -> RangedHttp:
    size = sample(name).stat().st_size
    return RangedHttp(f"/{name}", size, host="127.0.0.1", port=port, headers=(("X-Secret", "s"),))


@pytest.mark.parametrize("name", ["plain.mkv", "end.mp4"])
async def test_a_download_is_read_by_ranges(
    reader: FfmpegReader, tmp_path: Path, remote: tuple[int, list[str]], name: str
) -> None:
    source = coming(remote[0], name)
    assert (await reader.facts(source)).video.codec == "h264"
    from_download = await segmented(reader, source)
    assert from_download == await segmented(reader, LocalFile(sample(name)))
    assert len(remote[1]) < 60


async def test_a_download_without_an_index_says_so(
    reader: FfmpegReader, remote: tuple[int, list[str]]
) -> None:
    with pytest.raises(Refused) as refusal:
        await reader.index(coming(remote[0], "no-cues.mkv"))
    assert refusal.value.code == "no_index"


async def test_a_download_whose_worker_is_gone_says_so(reader: FfmpegReader, tmp_path: Path) -> None:
    for source in (
        RangedHttp("/film", 1000, socket=tmp_path / "nobody"),
        RangedHttp("/film", 1000, host="127.0.0.1", port=1),
    ):
        with pytest.raises(Refused) as refusal:
            await reader.facts(source)
        assert refusal.value.code == "source_failed"


async def test_a_download_that_stops_halfway_says_so(reader: FfmpegReader, tmp_path: Path) -> None:
    """The worker dies after the first megabytes: no film that seems to end early."""
    content = sample("end.mp4").read_bytes()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(65_536)
            self.request.sendall(b"HTTP/1.1 206 Partial Content\r\n\r\n" + content[:100_000])

    server = socketserver.ThreadingUnixStreamServer(str(tmp_path / "s"), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    with pytest.raises(Refused) as refusal:
        await reader.facts(RangedHttp("/film", len(content), socket=tmp_path / "s"))
    server.shutdown()
    thread.join()
    server.server_close()
    assert refusal.value.code in {"source_failed", "damaged"}


async def test_coding_can_be_switched_off() -> None:
    pool = WorkerPool(coding=0)
    with pytest.raises(Refused) as refusal:
        source = LocalFile(sample("plain.mkv"))
        await FfmpegReader(pool).coded_segment(source, 1, even(20.0)[0], None)
    assert refusal.value.code == "switched_off"
    await pool.close()
