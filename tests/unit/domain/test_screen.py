"""Releases chosen for a screen: what their names tell, and how often that was right."""

from __future__ import annotations

import random

import pytest

from sokoul.domain.judge import judge
from sokoul.domain.media import MediaType, Wanted, Work
from sokoul.domain.mediafacts import AudioFacts, MediaFacts, VideoFacts
from sokoul.domain.offer import Offer
from sokoul.domain.quality import QualityProfile
from sokoul.domain.release import parse
from sokoul.domain.screen import SCREENS, Screen, Way, fit
from sokoul.features.playback.decision import Client, Mode, decide

NAMED = {screen.name: screen for screen in SCREENS}
H264 = NAMED["tv-1080p-h264"]


@pytest.mark.parametrize(
    ("screen", "name", "way", "obstacle"),
    [
        ("tv-1080p-h264", "Film.2020.1080p.BluRay.x264.AC3-G", Way.DIRECT, ""),
        ("tv-1080p-h264", "Film.2020.1080p.BluRay.x264.DTS-G", Way.REPACK, "dts"),
        ("tv-1080p-h264", "Film.2020.1080p.BluRay.x265-G", Way.TRANSCODE, "hevc"),
        ("tv-1080p-h264", "Film.2020.2160p.BluRay.x265-G", Way.IMPOSSIBLE, "hevc"),
        ("tv-1080p-h264", "Film.2020.1080p.WEB-DL.AV1-G", Way.IMPOSSIBLE, "av1"),
        ("tv-1080p-h264", "Film.2020.1080p.BluRay.Hi10P.10bit.x264-G", Way.TRANSCODE, "10bit"),
        ("tv-1080p-hevc", "Film.2020.1080p.WEB-DL.HDR.x265.EAC3-G", Way.TRANSCODE, "hdr"),
        ("tv-2160p-hdr", "Film.2020.2160p.WEB-DL.HDR.x265.DDP5.1-G", Way.DIRECT, ""),
        ("browser", "Film.2020.1080p.WEB-DL.AAC.x264-G", Way.REPACK, "mkv"),
        ("browser", "Film.2020.1080p.WEB-DL.AAC.x264-G.mp4", Way.DIRECT, ""),
    ],
)
def test_the_way_to_a_screen(screen: str, name: str, way: Way, obstacle: str) -> None:
    found = fit(NAMED[screen], parse(name))
    assert (found.way, found.obstacle) == (way, obstacle)


def test_a_silent_name_is_a_guess() -> None:
    assert fit(H264, parse("Film.2020.1080p.BluRay-G")).known is False


VIDEO = {"x264": "h264", "x265": "hevc", "AV1": "av1", "": ""}
SOUND = {"DTS": "dts", "AC3": "ac3", "AAC": "aac", "DDP5.1": "eac3", "TrueHD": "truehd"}


def _made(dice: random.Random, number: int) -> tuple[Offer, MediaFacts]:
    """A release and what is really in it: a silent name mostly hides H.264, seldom HEVC."""
    lines = dice.choice((720, 1080, 1080, 2160))
    codec = dice.choice(
        ("x265", "x265", "AV1") if lines == 2160 else ("x264", "x264", "x265", "x265", "AV1", "")
    )
    light = dice.choice(("HDR", "")) if lines == 2160 else ""
    sound = dice.choice(tuple(SOUND))
    words = [f"{lines}p", dice.choice(("BluRay", "WEB-DL", "WEBRip")), light, codec, sound]
    name = ".".join(["Film.2020", *filter(None, words)]) + f"-G{number}"
    real = VIDEO[codec] or dice.choice(("h264",) * 9 + ("hevc",))
    pixels = "yuv420p10le" if real != "h264" else "yuv420p"
    video = VideoFacts(0, real, lines * 16 // 9, lines, pixel_format=pixels, hdr="hdr10" if light else None)
    facts = MediaFacts("mkv", 6000.0, video, (AudioFacts(1, SOUND[sound], 6, default=True),))
    size = round(dice.uniform(0.6, 2.0) * lines * 5e6)
    return Offer(name, name, "x", size_bytes=size, seeders=dice.randint(1, 2000)), facts


def _client(screen: Screen) -> Client:
    return Client(frozenset(screen.containers), frozenset(screen.video), frozenset(screen.audio))


def test_what_is_chosen_for_an_old_television_need_not_be_converted() -> None:
    dice = random.Random(12)
    wanted = Wanted(Work(MediaType.MOVIE, "Film", 2020, runtime_minutes=100))
    profile = QualityProfile("tv", minimum=720, cutoff=1080, prefer_codecs=("hevc",), screen=H264)
    without = QualityProfile("tv", minimum=720, cutoff=1080, prefer_codecs=("hevc",))
    direct = {"for the screen": 0, "without": 0}
    rounds = 200
    for _ in range(rounds):
        offers, facts = zip(*(_made(dice, number) for number in range(dice.randint(4, 30))), strict=True)
        inside = dict(zip((offer.title for offer in offers), facts, strict=True))
        for how, each in (("for the screen", profile), ("without", without)):
            winner = inside[judge(offers, wanted, each)[0].offer.title]
            mode = decide(winner, _client(H264), height=H264.lines).mode
            direct[how] += mode is not Mode.TRANSCODE
    assert direct["for the screen"] >= 0.95 * rounds, direct
    assert direct["without"] < 0.8 * rounds, "the fixtures are too easy to prove anything"
