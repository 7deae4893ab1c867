"""What judgements say: every sentence in both languages, with the same values, set as each language is."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from sokoul import domain, features
from sokoul.domain.offer import reason, refuse
from sokoul.domain.words import LANGUAGES, SENTENCES, Phrase, phrase, say, told
from sokoul.domain.words.forms import FORMS
from sokoul.domain.words.languages import NAMES
from sokoul.domain.words.template import Hole, compiled

NBSP = "\u00a0"
EXAMPLES = {"n": 3, "plain": 2021, "size": 4_200_000_000, "lines": 1080, "day": "2024-03-01"}
LISTS = ("spoken", "spoken_or", "all", "any", "genres", "quoted")


def holes(text: str) -> list[Hole]:
    return [part for part in compiled(text) if isinstance(part, Hole)]


def filled(kind: str) -> Phrase:
    """The sentence with an example for each of its values."""
    values = {}
    for hole in holes(SENTENCES[kind][0]):
        if hole.form in LISTS:
            values[hole.name] = ("fr", "en")
        elif hole.plural is None:
            values[hole.name] = EXAMPLES.get(hole.form, "x")  # type: ignore[assignment]
    return phrase(kind, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", SENTENCES)
def test_both_languages_say_the_same_values_in_the_same_forms(kind: str) -> None:
    english, french = SENTENCES[kind]

    assert re.fullmatch(r"[a-z_]+\.[a-z0-9_]+", kind)
    assert english and french
    assert {(h.name, h.form) for h in holes(english) if not h.plural} == {
        (h.name, h.form) for h in holes(french) if not h.plural
    }
    counted = {h.name for h in [*holes(english), *holes(french)] if h.plural}
    assert counted <= {h.name for h in holes(english) if not h.plural}
    assert {h.form for h in holes(english)} <= set(FORMS)
    assert "{" not in "".join(part for part in compiled(english) if isinstance(part, str))


@pytest.mark.parametrize("kind", SENTENCES)
def test_a_filled_sentence_leaves_no_hole_and_is_set_as_french_is(kind: str) -> None:
    for language in LANGUAGES:
        text = say(language, filled(kind))
        assert text and not re.search(r"[{}]|\?", text), text
    french = say("fr", filled(kind))
    assert not re.search(r" [:;!?»%]", french), f"{french}: a breaking space before a sign"
    assert not re.search(r"«(?!\u00a0)|(?<!\u00a0)»", french), f"{french}: no space inside « »"
    assert "'" not in french and '"' not in french
    assert not re.search(r"\b(tu|ton|tes|toi)\b", french, re.IGNORECASE)


def sources() -> str:
    """Domain and features without the tables themselves."""
    folders = [Path(part.__file__).parent for part in (domain, features)]
    files = [path for part in folders for path in part.rglob("*.py") if path.parent.name != "words"]
    return "\n".join(path.read_text() for path in files)


def test_no_sentence_is_left_that_nobody_says() -> None:
    source = sources()
    asked = set(re.findall(r"\"([a-z_]+\.[a-z0-9_]+)\"", source))
    built = set(re.findall(r"f\"([a-z_]+)\.\{", source))

    assert {kind for kind in SENTENCES if kind not in asked and kind.partition(".")[0] not in built} == set()


def test_every_kind_that_is_raised_is_in_the_table() -> None:
    source = sources()
    raised = set(
        re.findall(r"\b(?:refuse|for_now|phrase)\(\s*\"([a-z_]+\.[a-z0-9_]+)\"", source)
        + re.findall(r"\breason\(\s*[^,\"]+(?:\([^)]*\))?[^\"]*?,\s*\"([a-z_]+\.[a-z0-9_]+)\"", source)
    )

    assert len(raised) > 50
    assert raised - set(SENTENCES) == set()


@pytest.mark.parametrize(
    ("said", "english", "french"),
    [
        (
            refuse("too_big.runtime", size=12_300_000_000, minutes=120, most=7_000_000_000).said,
            f"12.3{NBSP}GB is too big for 120 minutes; at most 7.0{NBSP}GB",
            f"12,3{NBSP}Go, c’est trop pour 120 minutes{NBSP}; au plus 7,0{NBSP}Go",
        ),
        (
            refuse("few_seeders.below", seeders=1, least=2).said,
            "It has 1 seeder; at least 2 are wanted",
            f"1 source{NBSP}; il en faut au moins 2",
        ),
        (
            refuse("few_seeders.below", seeders=0, least=1).said,
            "It has 0 seeders; at least 1 is wanted",
            f"0 source{NBSP}; il en faut au moins 1",
        ),
        (
            refuse("language.other", found=("de", "it"), wanted=("fr", "en")).said,
            "It speaks German and Italian; French or English is wanted",
            f"Parle en allemand et italien{NBSP}; souhaité{NBSP}: français ou anglais",
        ),
        (
            refuse("wrong_episode.day", found="2024-03-01", wanted="2024-03-02").said,
            f"It aired on 1{NBSP}March 2024; 2{NBSP}March 2024 was asked for",
            f"Diffusion du 1er{NBSP}mars 2024{NBSP}; celle du 2{NBSP}mars 2024 est demandée",
        ),
        (
            refuse(
                "wrong_episode.other",
                found=phrase("held.absolute", number="12"),
                wanted=phrase("held.code", code="S01E02"),
            ).said,
            "It holds episode 12; S01E02 was asked for",
            f"Contient l’épisode 12{NBSP}; demandé{NBSP}: S01E02",
        ),
        (reason(3, "seeders.count", count=1234).said, "1,234 seeders", "1\u202f234 sources"),
        (told("oracle", "It fits"), "It fits", "It fits"),
        (told("oracle", "It fits", "Cela convient"), "It fits", "Cela convient"),
    ],
)
def test_sentences_read_as_people_write(said: Phrase, english: str, french: str) -> None:
    assert (say("en", said), say("fr", said)) == (english, french)


def test_what_is_not_in_the_table_is_said_by_its_code() -> None:
    assert say("fr", phrase("newer_rule.because", x=1)) == "newer rule"
    assert say("en", phrase("wrong_year.other", found=1984)) == "The year is 1984; ? was asked for"


def test_phrases_survive_json() -> None:
    said = phrase(
        "language.other", found=("de",), wanted=("fr",), n=3, share=0.5, inner=phrase("held.code", code="S01")
    )

    assert Phrase.from_json(json.loads(json.dumps(said.as_json()))) == said


def test_texts_from_outside_are_shown_harmlessly() -> None:
    text = say("en", phrase("wrong_title.other", found="a\u202eb\x00" + "x" * 500, wanted="Heat"))

    assert text.isprintable() and len(text) < 250


def test_every_language_code_has_both_names() -> None:
    assert len(NAMES) > 60
    assert all(len(code) == 2 and english and french for code, (english, french) in NAMES.items())
