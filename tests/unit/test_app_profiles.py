"""Profiles as the configuration gives them, and what this machine codes anew."""

from __future__ import annotations

from sokoul.app.profiles import box, configured_now
from sokoul.config.model import Config
from sokoul.domain.release import parse
from sokoul.domain.screen import SCREENS, Way, fit


def test_the_keys_of_the_file_mean_what_they_did() -> None:
    rules = {"minimum": "720p", "cutoff": "2160p", "languages": ("fr",), "min_seeders": 3}
    config = Config.model_validate({"quality": {"default_profile": "uhd", "profiles": {"uhd": rules}}})
    named, default = configured_now(config)
    found = named[default]
    assert (found.minimum, found.cutoff, found.languages, found.min_seeders) == (720, 2160, ("fr",), 3)
    assert (found.prefer_codecs, found.reject) == (("hevc",), ("cam", "telesync", "screener"))
    assert (found.steps, found.formats, found.screen) == ((), (), None)


def test_where_nothing_is_coded_anew_a_foreign_codec_cannot_be_played() -> None:
    release = parse("Film.2020.1080p.WEB-DL.x265-G")
    usual, never = Config(), Config.model_validate({"playback": {"max_transcodes": 0}})
    assert fit(SCREENS[0], release, box(usual)).way is Way.TRANSCODE
    assert fit(SCREENS[0], release, box(never)).way is Way.IMPOSSIBLE
