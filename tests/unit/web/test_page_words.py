"""The catalogues say the same in every language, and every word a page asks for is there."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from sokoul.domain import rules
from sokoul.web.pages import words
from sokoul.web.pages.frame import ROOT

CATALOGUES = words.load(ROOT / "locales")
SCRIPTS = sorted((ROOT / "static" / "js").rglob("*.js"))
TEMPLATES = sorted((ROOT / "templates").glob("*.html"))
KEY = r"[a-z][a-zA-Z0-9_]*(?:\.[a-zA-Z0-9_]+)+"


def _holes(text: str) -> list[str]:
    return sorted(set(re.findall(r"\{(\w+)\}", text)))


def _asked() -> dict[str, set[str]]:
    """Keys that stand as a whole in a call, by the file that asks; `n` asks for both forms."""
    found: dict[str, set[str]] = {}
    for path in [*SCRIPTS, *TEMPLATES]:
        text = path.read_text(encoding="utf-8")
        plain = re.findall(rf"\bt\(\s*[\"']({KEY})[\"']\s*[,)]", text)
        counted = re.findall(rf"\bn\(\s*[\"']({KEY})[\"']", text)
        macros = re.findall(
            rf"\b(?:rail_link|tab_link|media_row|field|step_foot|page_head)\([^)]*?[\"']({KEY})[\"']", text
        )
        found[path.name] = {
            *plain,
            *macros,
            *(f"{key}_{form}" for key in counted for form in ("one", "other")),
        }
    return found


def test_every_language_has_the_same_keys_and_holes() -> None:
    english = CATALOGUES["en"].words
    for catalogue in CATALOGUES.values():
        assert sorted(catalogue.words) == sorted(english)
        wrong = [key for key, text in catalogue.words.items() if _holes(text) != _holes(english[key])]
        assert wrong == [], catalogue.language


def test_every_word_that_is_asked_for_is_there() -> None:
    known = set(CATALOGUES["en"].words)
    missing = {name: sorted(keys - known) for name, keys in _asked().items() if keys - known}
    assert missing == {}


def test_no_word_is_left_that_nobody_asks_for() -> None:
    sources = [*SCRIPTS, *TEMPLATES, *Path(words.__file__).parent.glob("*.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    built = set(re.findall(r"[`\"]([a-z_]+(?:\.[a-z_]+)*\.[a-z_]*)(?:\$\{|\" ~ )", text))
    unused = [
        key
        for key in CATALOGUES["en"].words
        if re.sub(r"_(one|other)$", "", key) not in text and not any(key.startswith(start) for start in built)
    ]
    assert unused == []


def test_plural_forms_come_in_pairs() -> None:
    keys = set(CATALOGUES["en"].words)
    ones = {key[:-4] for key in keys if key.endswith("_one")}
    assert ones == {key[:-6] for key in keys if key.endswith("_other")}


def test_french_is_set_as_french_is() -> None:
    for key, text in CATALOGUES["fr"].words.items():
        assert not re.search(r"(?<![\u00a0\u202f\d])[;!?»]", text), f"{key}: no narrow space before a sign"
        assert not re.search(r"«(?!\u00a0)", text), f"{key}: no space after «"
        assert not re.search(r" [:;!?»%]", text), f"{key}: a breaking space before a sign"
        assert "'" not in text, f"{key}: a straight apostrophe"
        assert not re.search(r"\b(tu|ton|tes|toi)\b", text, re.IGNORECASE), f"{key}: says tu"


def test_codes_of_rules_have_words() -> None:
    source = "\n".join(path.read_text() for path in Path(rules.__file__).parent.glob("*.py"))
    codes = set(re.findall(r"\b(?:refuse|for_now)\(\s*f?\"([a-z_]+)\.", source))
    assert len(codes) > 15
    assert {f"rejection.{code}" for code in codes} <= set(CATALOGUES["en"].words)


@pytest.mark.parametrize(
    ("cookie", "accepted", "language"),
    [
        (None, "", "en"),
        (None, "fr-FR,fr;q=0.9,en;q=0.8", "fr"),
        (None, "de,en;q=0.5,fr;q=0.9", "fr"),
        (None, "fr;q=0, en", "en"),
        (None, "fr;q=x,*", "en"),
        ("en", "fr", "en"),
        ("xx", "fr", "fr"),
        (None, "," * 10_000, "en"),
    ],
)
def test_the_language_is_the_chosen_one_else_the_browsers(
    cookie: str | None, accepted: str, language: str
) -> None:
    assert words.choose(cookie, accepted, CATALOGUES).language == language


def test_counting_and_filling() -> None:
    english, french = CATALOGUES["en"], CATALOGUES["fr"]
    assert english.count("library.count", 0) == "0 titles"
    assert french.count("library.count", 0) == "0 titre"
    assert english.say("card.position", at="1", total="{at}") == "1 of {at}"
    assert english.say("no.such.key") == "no.such.key"
    assert json.loads(french.raw) == french.words
