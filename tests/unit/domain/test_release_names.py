"""Names of every kind and tongue, read from a table beside this file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sokoul.domain.release import as_json, parse

TABLE = Path(__file__).with_name("release_names.txt")
NUMBERS = frozenset({"seasons", "episodes", "absolute"})
LISTS = NUMBERS | {"titles", "hdr", "languages"}
FLAGS = frozenset({"proper", "cam", "three_d", "full_season", "garbage", "hardcoded_subs"})


def table() -> Iterator[tuple[str, str]]:
    """Each name with its line of facts."""
    name = ""
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("    "):
            yield name, line.strip()
        elif line and not line.startswith("#"):
            name = line


def numbers(text: str) -> list[int]:
    found: list[int] = []
    for part in filter(None, text.split(",")):
        first, _, last = part.partition("..")
        found += range(int(first), int(last or first) + 1)
    return found


def agrees(key: str, wanted: str, found: object) -> bool:
    if wanted == "*":
        return bool(found)
    if key in FLAGS:
        return bool(found) == (wanted == "yes")
    if key in NUMBERS:
        return found == numbers(wanted)
    if key in LISTS:
        assert isinstance(found, list)
        return sorted(found) == sorted(filter(None, wanted.split(",")))
    if key == "title":
        return folded(str(found or "")) == folded(wanted)
    return str("" if found is None else found) == wanted


def folded(title: str) -> str:
    return re.sub(r"[\W_]+", "", title.casefold())


@pytest.mark.parametrize(("name", "facts"), list(table()))
def test_says_what_the_table_says(name: str, facts: str) -> None:
    found = as_json(parse(name))
    stated = dict(fact.split("=", 1) for fact in facts.split("; "))

    wrong = {key: found[key] for key, wanted in stated.items() if not agrees(key, wanted, found[key])}

    assert not wrong, facts


def test_the_table_is_long_enough_to_mean_something() -> None:
    assert len(list(table())) > 250
