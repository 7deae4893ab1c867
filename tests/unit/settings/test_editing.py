"""What may be changed on the web, how it is written, and what is refused in which words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sokoul.config.load import load
from sokoul.config.model import Config
from sokoul.config.stored import FIXED, editable, settle
from sokoul.config.types import Program
from sokoul.domain.errors import WrongState
from sokoul.features.settings.editing import Edit, Given, Rejected, edit
from sokoul.features.settings.shapes import masked

NAS = {"name": "nas", "type": "torznab", "url": "http://10.0.0.1/api", "api_key": "canary-nas"}
ATTIC = {"name": "attic", "type": "jackett", "url": "http://10.0.0.2:9117", "api_key": "canary-attic"}
STARS = "********"


def given(tmp_path: Path, **environ: str) -> Given:
    loaded = load(None, environ, {"state_dir": str(tmp_path)})
    return Given(loaded.config, loaded.locked)


def stored(done: Edit, before: dict[str, Any] | None = None) -> dict[str, Any]:
    kept = {**(before or {}), **done.put}
    return {key: value for key, value in kept.items() if key not in done.drop}


def refusal(base: Given, body: dict[str, Any], kept: dict[str, Any] | None = None) -> list[tuple[str, str]]:
    with pytest.raises(Rejected) as caught:
        edit(base, kept or {}, body)
    return caught.value.problems


def test_dotted_and_nested_say_the_same(tmp_path: Path) -> None:
    base = given(tmp_path)
    dotted = edit(base, {}, {"search.timeout": 12, "providers.tmdb.api_key": "canary"})
    nested = edit(base, {}, {"search": {"timeout": 12}, "providers": {"tmdb.api_key": "canary"}})
    assert dotted == nested
    assert dotted.config.search.timeout == 12
    assert dotted.put == {"search.timeout": 12.0, "providers.tmdb.api_key": "canary"}
    assert dotted.new == {"search.timeout": 12.0, "providers.tmdb.api_key": STARS}


def test_what_a_page_shows_can_be_sent_back_whole(tmp_path: Path) -> None:
    base = given(tmp_path, SOKOUL_SEARCH__TIMEOUT="9", SOKOUL_HTTP__PORT="0")
    first = edit(base, {}, {"providers": {"indexers": [NAS], "tmdb": {"api_key": "canary"}}})
    again = edit(base, stored(first), masked(first.config))
    assert not again.new
    assert again.config == first.config


def test_the_usual_value_is_not_stored(tmp_path: Path) -> None:
    base = given(tmp_path)
    first = edit(base, {}, {"search.timeout": 12})
    back = edit(base, stored(first), {"search.timeout": 30})
    assert (back.put, back.drop) == ({}, ("search.timeout",))
    assert edit(base, stored(first), {"search.timeout": None}).drop == ("search.timeout",)


def test_what_file_or_environment_decide_is_locked(tmp_path: Path) -> None:
    base = given(
        tmp_path,
        SOKOUL_PROVIDERS__TMDB__API_KEY="canary",
        SOKOUL_PROVIDERS__INDEXERS__0__NAME="x",
        SOKOUL_PROVIDERS__INDEXERS__0__TYPE="torznab",
        SOKOUL_PROVIDERS__INDEXERS__0__URL="http://h",
    )
    with pytest.raises(WrongState, match=r"providers\.tmdb\.api_key is set in the configuration file or by"):
        edit(base, {}, {"providers.tmdb.api_key": "other"})
    with pytest.raises(WrongState, match=r"providers\.indexers"):
        edit(base, {}, {"providers.indexers": []})
    for key in FIXED:
        name = next(
            one for one in (key, f"{key}.postgres") if one in {*FIXED, "services.postgres"} - {"services"}
        )
        with pytest.raises(WrongState, match="can only be set in the configuration file"):
            edit(base, {}, {name: "/bin/sh" if key != "roles" else ["api"]})


@pytest.mark.parametrize(
    ("body", "field", "words"),
    [
        ({"serch.timeout": 3}, "serch.timeout", "did you mean search.timeout?"),
        ({"search": {"timout": 3}}, "search.timout", "did you mean search.timeout?"),
        ({"providers.tmdb.apikey": "x"}, "providers.tmdb.apikey", "did you mean providers.tmdb.api_key?"),
        ({"nonsense": 1}, "nonsense", "there is no such setting"),
        ({"": 1}, "", "there is no such setting"),
        ({"search": 3}, "search", "is a group of settings"),
        ({"search.timeout.x": 3}, "search.timeout.x", "nothing lies below it"),
        ({"search.timeout": "fast"}, "search.timeout", "should be a number"),
        ({"search.timeout": 0}, "search.timeout", "greater than 0"),
        ({"dlna.enabled": "yes"}, "dlna.enabled", "should be true or false"),
        ({"dlna.name": ""}, "dlna.name", "should not be empty"),
        ({"quality.profiles.hd.minimum": "9p"}, "quality.profiles.hd.minimum", "should be one of"),
        ({"library.movies": "films"}, "library.movies", "beginning with /"),
        ({"providers.indexers": [{"name": "x"}]}, "providers.indexers.0.type", "is needed here"),
        ({"providers.indexers.x.timeout": 3}, "providers.indexers.x.timeout", "there is no entry 'x'"),
        ({"providers.indexers": {"x": None}}, "providers.indexers.x", "there is no entry 'x'"),
        ({"providers.indexers": [NAS, NAS]}, "providers.indexers", "is used twice"),
        ({"providers.tmdb.api_key": STARS}, "providers.tmdb.api_key", "nothing is kept here"),
        ({"providers.tmdb.base_url": "ftp://x"}, "providers.tmdb.base_url", "an address such as"),
    ],
)
def test_a_wrong_field_is_named_with_its_reason(
    tmp_path: Path, body: dict[str, Any], field: str, words: str
) -> None:
    problems = refusal(given(tmp_path), body)
    assert problems[0][0] == field
    assert words in problems[0][1]


def test_entries_are_added_changed_and_removed_one_by_one(tmp_path: Path) -> None:
    base = given(tmp_path)
    first = edit(base, {}, {"providers.indexers.nas": {**NAS, "name": "nas"}})
    second = edit(base, stored(first), {"providers.indexers": {"attic": ATTIC}})
    assert [one.name for one in second.config.providers.indexers] == ["nas", "attic"]
    third = edit(base, stored(second), {"providers.indexers.nas": {"timeout": 7, "api_key": STARS}})
    nas = third.config.providers.indexers[0]
    assert (nas.timeout, nas.api_key and nas.api_key.get_secret_value()) == (7, "canary-nas")
    renamed = edit(base, stored(third), {"providers.indexers.nas": {"name": "box", "api_key": STARS}})
    assert renamed.config.providers.indexers[0].api_key == nas.api_key
    fourth = edit(base, stored(third), {"providers.indexers.nas.api_key": None})
    assert fourth.config.providers.indexers[0].api_key is None
    fifth = edit(base, stored(third), {"providers.indexers.0": None})
    assert [one.name for one in fifth.config.providers.indexers] == ["attic"]
    assert "canary" not in repr((third.old, third.new, fifth.old, fifth.new))


def test_stars_in_a_list_follow_the_name(tmp_path: Path) -> None:
    base = given(tmp_path)
    kept = stored(edit(base, {}, {"providers.indexers": [NAS, ATTIC]}))
    turned = [{**ATTIC, "api_key": STARS}, {**NAS, "api_key": STARS}]
    done = edit(base, kept, {"providers.indexers": turned})
    keys = [one.api_key.get_secret_value() for one in done.config.providers.indexers if one.api_key]
    assert keys == ["canary-attic", "canary-nas"]


def test_a_kept_secret_goes_to_no_other_server(tmp_path: Path) -> None:
    base = given(tmp_path)
    body = {"providers.indexers": [NAS], "providers.tmdb.api_key": "canary"}
    kept = stored(edit(base, {}, body))
    evil = "http://evil.example"
    assert refusal(base, {"providers.indexers.nas.url": evil}, kept)[0][0] == "providers.indexers.0.api_key"
    assert refusal(base, {"providers.indexers": [{**NAS, "name": "n", "url": evil, "api_key": STARS}]}, kept)
    assert refusal(base, {"providers.tmdb.base_url": evil}, kept) == [
        ("providers.tmdb.api_key", "type it again: the one that is kept belongs to another address")
    ]
    moved = {"url": evil, "api_key": "canary-nas"}
    assert edit(base, kept, {"providers.indexers.nas": moved}).config.providers.indexers[0].url == evil
    assert edit(base, kept, {"providers.indexers.nas.url": NAS["url"] + "/other"}).new


def test_an_address_that_was_shown_without_its_password_stays(tmp_path: Path) -> None:
    base = given(tmp_path)
    url = "http://user:canary@10.0.0.9/api?apikey=canary"
    kept = stored(edit(base, {}, {"providers.indexers.nas": {**NAS, "url": url}}))
    shown = masked(settle(base.config, base.locked, kept).config)["providers"]["indexers"]
    assert "canary" not in repr(shown)
    done = edit(base, kept, {"providers.indexers": [{**shown[0], "timeout": 5}]})
    assert done.config.providers.indexers[0].url == url
    half = {"providers.indexers.nas.url": "http://********@10.0.0.9/other"}
    assert "stars" in refusal(base, half, kept)[0][1]


def test_rows_of_tables(tmp_path: Path) -> None:
    base = given(tmp_path)
    both = {
        "quality": {
            "profiles": {"hd": {}, "uhd": {"minimum": "2160p", "cutoff": "2160p"}},
            "default_profile": "uhd",
        }
    }
    kept = stored(edit(base, {}, both))
    gone = edit(base, kept, {"quality.profiles.uhd": None}).config.quality
    assert (set(gone.profiles), gone.default_profile) == ({"hd"}, "uhd")  # it may be one of the page
    done = edit(base, kept, {"quality.profiles.hd.minimum": "720p"})
    assert done.config.quality.profiles["hd"].minimum == "720p"
    assert done.config.quality.default_profile == "uhd"


def test_a_stored_value_never_stops_the_boot(tmp_path: Path) -> None:
    base = given(tmp_path)
    kept = {
        "search.timeout": "no number",
        "gone.with_an_update": 1,
        "state_dir": "/elsewhere",
        "quality.profiles": {"hd": {"minimum": "2160p"}},
        "dlna.name": "Salon",
        "providers.indexers": [{"name": "x", "type": "newsgroup", "url": "http://h"}],
    }
    settled = settle(base.config, base.locked, kept)
    assert settled.config.dlna.name == "Salon"
    assert settled.config.model_copy(update={"dlna": base.config.dlna}) == base.config
    assert set(settled.aside) == set(kept) - {"dlna.name"}
    assert "should be a number" in settled.aside["search.timeout"]
    assert edit(base, kept, {"search.timeout": 8}).config.search.timeout == 8


def test_a_default_profile_may_be_one_that_only_the_database_knows(tmp_path: Path) -> None:
    base = given(tmp_path)
    assert edit(base, {}, {"quality.default_profile": "Evening"}).config.quality.default_profile == "Evening"
    settled = settle(base.config, base.locked, {"quality.default_profile": "Evening"})
    assert (settled.config.quality.default_profile, settled.aside) == ("Evening", {})


def test_no_program_is_chosen_on_the_web() -> None:
    def programs(section: type[Any], above: str = "") -> set[str]:
        found: set[str] = set()
        for name, field in section.model_fields.items():
            inner = field.annotation
            if isinstance(inner, type) and hasattr(inner, "model_fields"):
                found |= programs(inner, f"{above}{name}.")
            elif any(isinstance(mark, Program) for mark in field.metadata):
                found.add(f"{above}{name}")
        return found

    found = programs(Config)
    assert found == {"playback.ffmpeg", "playback.ffprobe", "providers.pages.chromium"}
    assert not found & editable()
