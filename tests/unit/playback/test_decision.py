"""The cheapest way that a client can play, with its reasons."""

from __future__ import annotations

import pytest

from sokoul.domain.mediafacts import AudioFacts, MediaFacts, VideoFacts
from sokoul.features.playback.decision import Client, Mode, decide


def film(container: str, video: str, *audio: str, pixels: str = "yuv420p") -> MediaFacts:
    tracks = tuple(AudioFacts(number, codec, 2) for number, codec in enumerate(audio, start=1))
    return MediaFacts(container, 60.0, VideoFacts(0, video, 1920, 1080, pixel_format=pixels), tracks)


@pytest.mark.parametrize(
    ("facts", "mode", "reason"),
    [
        (film("mp4", "h264", "aac"), Mode.DIRECT, "as it is"),
        (film("mp4", "h264"), Mode.DIRECT, "as it is"),
        (film("webm", "vp9", "opus"), Mode.DIRECT, "as it is"),
        (film("webm", "vp8", "vorbis"), Mode.DIRECT, "as it is"),
        (film("matroska", "h264", "aac"), Mode.REMUX, "matroska files"),
        (film("mp4", "h264", "ac3"), Mode.REMUX, "ac3 sound"),
        (film("matroska", "av1", "opus"), Mode.REMUX, "matroska files"),
        (film("mpegts", "h264", "aac"), Mode.REMUX, "mpegts files"),
        (film("webm", "h264", "opus"), Mode.REMUX, "h264 in WebM"),
        (film("matroska", "vp8", "vorbis"), Mode.TRANSCODE, "vp8 can't be put into HLS"),
        (film("mp4", "hevc", "aac"), Mode.TRANSCODE, "hevc video"),
        (film("avi", "mpeg4", "mp3"), Mode.TRANSCODE, "mpeg4 video"),
        (film("mp4", "h264", "aac", pixels="yuv420p10le"), Mode.TRANSCODE, "yuv420p10le"),
    ],
)
def test_a_browser_gets_the_cheapest_way(facts: MediaFacts, mode: Mode, reason: str) -> None:
    verdict = decide(facts)
    assert verdict.mode is mode
    assert any(reason in said for said in verdict.reasons)


def test_a_client_that_can_more_gets_more_directly() -> None:
    television = Client(frozenset({"matroska"}), frozenset({"hevc"}), frozenset({"dts"}))
    assert decide(film("matroska", "hevc", "dts"), television).mode is Mode.DIRECT
    assert decide(film("mp4", "hevc", "dts"), television).mode is Mode.REMUX


def test_another_sound_track_needs_another_container() -> None:
    facts = film("mp4", "h264", "aac", "aac")
    assert decide(facts, audio=1).mode is Mode.DIRECT
    verdict = decide(facts, audio=2)
    assert verdict.mode is Mode.REMUX
    assert verdict.audio == facts.audio[1]
