"""How a film reaches a client: as it is, in another container, or coded anew; and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sokoul.domain.mediafacts import AudioFacts, MediaFacts


class Mode(StrEnum):
    """The ways to play a film, the cheapest first."""

    DIRECT = "direct"
    REMUX = "remux"
    TRANSCODE = "transcode"


@dataclass(frozen=True, slots=True)
class Client:
    """What a player can do; the defaults are those of a browser like Chromium."""

    containers: frozenset[str] = frozenset({"mp4", "webm"})
    video: frozenset[str] = frozenset({"h264", "vp8", "vp9", "av1"})
    audio: frozenset[str] = frozenset({"aac", "mp3", "opus", "vorbis", "flac"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """The mode and its reasons, in words; `audio` is the sound track that will be heard, if any."""

    mode: Mode
    reasons: tuple[str, ...]
    audio: AudioFacts | None


BROWSER = Client()
_SEGMENTED = frozenset({"h264", "hevc", "vp9", "av1"})
_WEBM_VIDEO = frozenset({"vp8", "vp9", "av1"})
_WEBM_AUDIO = frozenset({"opus", "vorbis"})
_PLAIN_PIXELS = frozenset({"yuv420p", "yuvj420p"})


def decide(
    facts: MediaFacts, client: Client = BROWSER, *, audio: int | None = None, height: int | None = None
) -> Verdict:
    """Choose the cheapest way that the client can play.

    `audio` is the stream number of a wanted sound track, `height` the most lines that are wanted.
    """
    track = pick_audio(facts, audio)
    blocking = _video_reasons(facts, client)
    if height is not None and facts.video.height > height:
        blocking.append(f"at most {height} lines are wanted")
    repackaging = [*_container_reasons(facts, client), *_audio_reasons(facts, client, track)]
    if blocking:
        return Verdict(Mode.TRANSCODE, tuple(blocking + repackaging), track)
    if repackaging and facts.video.codec not in _SEGMENTED:
        return Verdict(Mode.TRANSCODE, (*repackaging, f"{facts.video.codec} can't be put into HLS"), track)
    if repackaging:
        return Verdict(Mode.REMUX, tuple(repackaging), track)
    return Verdict(Mode.DIRECT, ("the client plays this file as it is",), track)


def pick_audio(facts: MediaFacts, wanted: int | None) -> AudioFacts | None:
    """The track asked for, else the one marked as default, else the first."""
    named = [track for track in facts.audio if track.index == wanted]
    marked = [track for track in facts.audio if track.default]
    return next(iter([*named, *marked, *facts.audio]), None)


def _video_reasons(facts: MediaFacts, client: Client) -> list[str]:
    video = facts.video
    if video.codec not in client.video:
        return [f"the client does not play {video.codec} video"]
    if video.codec == "h264" and video.pixel_format is not None and video.pixel_format not in _PLAIN_PIXELS:
        return [f"the client does not play H.264 with pixels as {video.pixel_format}"]
    return []


def _container_reasons(facts: MediaFacts, client: Client) -> list[str]:
    if facts.container not in client.containers:
        return [f"the client does not play {facts.container} files"]
    if facts.container == "webm" and facts.video.codec not in _WEBM_VIDEO:
        return [f"{facts.video.codec} in WebM is not played"]
    return []


def _audio_reasons(facts: MediaFacts, client: Client, track: AudioFacts | None) -> list[str]:
    if track is None:
        return []
    reasons = []
    if track.codec not in client.audio:
        reasons.append(f"the client does not play {track.codec} sound")
    elif facts.container == "webm" and track.codec not in _WEBM_AUDIO:
        reasons.append(f"{track.codec} in WebM is not played")
    if track != pick_audio(facts, None):
        reasons.append("another sound track than the file's own choice was asked for")
    return reasons
