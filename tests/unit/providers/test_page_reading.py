"""Documents of pages read into items, also those made to hurt."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest

from sokoul.domain.errors import ProviderUnavailable
from sokoul.providers.pages import offers, playlist, reading, values, without
from sokoul.providers.pages.definition import Capture, Definition, Pick, Stage
from sokoul.testing.fake_player_site import MASTER


def stage(**given: Any) -> Stage:
    """A stage with what matters."""
    return Stage(**{"url": "https://h/", "fields": {"name": "title"}, **given})


def items(told: Any, **given: Any) -> list[dict[str, str]]:
    """What is read of a document."""
    body = told.encode() if isinstance(told, str) else json.dumps(told).encode()
    return reading.items(stage(**given), "a site", body)


def test_json_lists() -> None:
    told = {"response": {"docs": [{"title": "A"}, {"title": ["B", "C"]}, {"title": None}, 7]}}
    assert [one["name"] for one in items(told, each="response.docs")] == ["A", "B", "", ""]


def test_json_remembers_what_is_around() -> None:
    told = {"pages": [{"title": "T", "info": [{"when": "now", "files": [{"src": "x"}, {"src": "y"}]}]}]}
    fields = {"name": "^^title", "when": "^when", "src": "src", "none": "^^^^^^x"}
    found = items(told, each="pages[].info[].files[]", fields=fields)
    assert found == [{"name": "T", "when": "now", "src": one, "none": ""} for one in "xy"]


def test_several_lists() -> None:
    told = {"a": [{"title": "1"}], "b": {"x": {"title": "2"}, "y": {"title": "3"}}}
    assert [one["name"] for one in items(told, each="a[], b[]")] == ["1", "2", "3"]


def test_html() -> None:
    told = "<ul><li class=f data-id=7><a href='/x?y=1'>Ti <b>tle</b></a> 1,4 Go</li><li>no</li></ul>"
    size = Pick(at="", pattern=r"([\d,]+ Go)")
    fields = {"name": "a", "href": "a@href", "number": "@data-id", "size": size}
    found = items(told, read="html", each="li.f", fields=fields)
    assert found == [{"name": "Ti tle", "href": "/x?y=1", "number": "7", "size": "1,4 Go"}]


def test_links_start_at_the_page() -> None:
    told = "<a href='../b?c=1'>x</a><a href='//h/y'>y</a><a href='https://[bad'>z</a>"
    listing = stage(read="html", each="a", fields={"link": "@href"})
    found = reading.items(listing, "a site", told.encode(), "https://films.example/a/d/e")
    assert [one["link"] for one in found] == ["https://films.example/a/b?c=1", "https://h/y", ""]


def test_where_and_most() -> None:
    told = [{"title": f"{number}.mp4"} for number in range(30)] + [{"title": "x.txt"}]
    found = items(told, each="[]", where={"name": r"\.mp4$"}, most=12)
    assert len(found) == 12
    assert items(told, each="[]", where={"name": r"\.txt$"}) == [{"name": "x.txt"}]


def test_what_is_no_json() -> None:
    for body in ("<html>", "[" * 100_000, ""):
        with pytest.raises(ProviderUnavailable, match="JSON"):
            items(body)


@pytest.mark.parametrize("told", [[], {}, 1, None, "x", {"a": 1}, {"a": [[[]]]}, [[{"title": {"x": 1}}]]])
@pytest.mark.parametrize("each", ["", "a", "a[].b[]", "[]", "a.0.c[]"])
def test_other_shapes_are_no_items_or_empty_ones(told: Any, each: str) -> None:
    assert all(not one["name"] for one in items(json.dumps(told), each=each))


def test_an_expression_that_would_run_for_ever() -> None:
    started = time.monotonic()
    found = items([{"title": "a" * 1900 + "!"}], each="[]", where={"name": r"^(a+)+$"})
    assert found == []
    assert time.monotonic() - started < 1


def test_many_items_and_long_values_are_cut() -> None:
    found = items([{"title": "x\u202e\n" + "y" * 10_000}] * 5000, each="[]", most=50)
    assert len(found) == 50
    assert len(found[0]["name"]) <= reading.LONGEST
    assert "\u202e" not in found[0]["name"]


@pytest.mark.parametrize(
    ("text", "size"),
    [("734003200", 734003200), ("1.4 GB", 1_400_000_000), ("700 Mo", 700_000_000), ("1,2 GiB", 1288490188)]
    + [(text, None) for text in ("", "big", "0", "-5 GB", "9" * 30, "1.4.2 GB")],
)
def test_sizes(text: str, size: int | None) -> None:
    assert values.size(text) == size


def test_dates() -> None:
    assert values.date("2013-05-21T22:00:00Z") == datetime(2013, 5, 21, 22, tzinfo=UTC)
    assert values.date("1369173600") == datetime(2013, 5, 21, 22, tzinfo=UTC)
    assert values.date("Tue, 21 May 2013 22:00:00 GMT") == datetime(2013, 5, 21, 22, tzinfo=UTC)
    for text in ("soon", "", "9" * 40, "2013-99-99"):
        assert values.date(text) is None


def test_playlists() -> None:
    assert (playlist.height(MASTER), playlist.languages(MASTER)) == ("1080", "fr")
    dash = '<MPD><AdaptationSet lang="en" mimeType="audio/mp4"/><Representation width="2" height="2160"/>'
    assert (playlist.height(dash), playlist.languages(dash)) == ("2160", "en")
    assert (playlist.height("#EXTM3U"), playlist.languages("")) == ("", "")


def test_addresses_in_the_text_of_a_page() -> None:
    text = r"""<script>a("https:\/\/cdn\/a.m3u8?x=1&amp;y=2"); b='//cdn/b.m3u8'; c='/relative.m3u8'; d="x.mp4"
      e("javascript:alert('https://x/.m3u8')")</script>"""
    found = without.captured(text, "https://films.example/1", Capture(requests=("*.m3u8*",), most=9))
    assert [one["captured"] for one in found] == [
        "https://cdn/a.m3u8?x=1&y=2",
        "https://cdn/b.m3u8",
        "https://films.example/relative.m3u8",
        "https://x/.m3u8",
    ]


def test_pages_do_not_lead_into_the_house() -> None:
    shape = {"title": "{name}", "link": "{link}"}
    told = {"name": "a", "label": "A", "hosts": ("films.example", "192.168.1.9"), "offer": shape}
    listing = {"url": "https://films.example/", "fields": {"name": "n", "link": "l"}}
    definition = Definition.model_validate({**told, "search": listing})

    def led(link: str) -> bool:
        return offers.offer(definition, {"name": "x", "link": link}) is not None

    assert led("https://cdn.example/film.mp4") and led("http://192.168.1.9/film.mp4")
    inside = ("127.0.0.1", "localhost", "[::1]", "10.0.0.1", "0x7f.1", "2130706433", "169.254.169.254", "a@b")
    for host in inside:
        assert not led(f"http://{host}/film.mp4"), host
    for link in ("file:///etc/passwd", "javascript:alert(1)", "data:video/mp4,x", "https://a b/", "//x/y"):
        assert not led(link), link


def test_a_page_made_to_be_slow() -> None:
    body = "<div class=r>" * 20_000 + "<p>" * 200_000
    started = time.monotonic()
    found = items(body, read="html", each="div.r", fields={"name": "b.gone", "other": "i.gone@href"})
    assert len(found) <= 10
    assert time.monotonic() - started < 10
