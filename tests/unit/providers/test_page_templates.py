"""Placeholders: what is put in cannot break out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from sokoul.providers.pages import template


@pytest.mark.parametrize(
    ("text", "values", "filled"),
    [
        ("https://h/{title}", {"title": "a b/c?d#e"}, "https://h/a%20b%2Fc%3Fd%23e"),
        ("https://h/{title}", {"title": ".."}, "https://h/"),
        ("https://h/d/{file:path}", {"file": "x y/../../é.mp4"}, "https://h/d/x%20y/%C3%A9.mp4"),
        ("https://h/{season:02}x{episode:02}", {"season": "1", "episode": "12"}, "https://h/01x12"),
        ("https://h/{title:dash}", {"title": "L'Été (2010)!"}, "https://h/l-%C3%A9t%C3%A9-2010"),
        ("{link}", {"link": "https://other/x?y=1"}, "https://other/x?y=1"),
    ],
)
def test_addresses(text: str, values: dict[str, str], filled: str) -> None:
    assert template.address(text, values) == filled


@given(st.text())
def test_no_value_changes_the_host_or_climbs(value: str) -> None:
    try:
        url = URL(template.address("https://films.example/a/{title}/b?x={title}", {"title": value}))
    except template.Missing:
        return
    assert url.host == "films.example"
    assert url.raw_path.startswith("/a/")
    assert list(url.query) == ["x"]


def test_missing_values() -> None:
    with pytest.raises(template.Missing):
        template.address("https://h/{imdb}", {"imdb": ""})
    assert template.words("{name} {year} {tall:p}", {"name": "Sintel", "tall": "no"}) == "Sintel"


@pytest.mark.parametrize(
    ("height", "told"),
    [("1080", "1080p"), ("800", "1080p"), ("2160", "2160p"), ("720", "720p"), ("240", "360p"), ("", "")],
)
def test_heights(height: str, told: str) -> None:
    assert template.words("{tall:p}", {"tall": height}) == told


@pytest.mark.parametrize("text", ["{", "{Title}", "{title:nothing}", "{title}}", "{0.__class__}", "{{7*7}}"])
def test_what_is_no_placeholder(text: str) -> None:
    with pytest.raises(ValueError, match=r"placeholder|format"):
        template.check(text)
