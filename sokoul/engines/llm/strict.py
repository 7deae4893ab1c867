"""Reads what a model answered, and believes nothing: bounded, strict JSON, known ids, integers in range."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from sokoul.domain.meaning import By, Wish, wish
from sokoul.domain.meaning.genres import ENGLISH
from sokoul.domain.media import MediaType
from sokoul.domain.opinion import Opinion
from sokoul.engines.llm.grammar import (
    EARLIEST,
    LATEST,
    LONGEST_REASON,
    LONGEST_SENTENCE,
    LONGEST_TEXT,
    MOST_SENTENCES,
    MOST_TEXTS,
    PARTS,
    SHORTEST_SENTENCE,
)

LONGEST: Final = 64 * 1024
_LANGUAGE: Final = re.compile(r"[a-z]{2}")
_ADDRESS: Final = re.compile(r"://|\bwww\.|@|[^\W\d_]{2,}\.[^\W\d_]{2,}", re.IGNORECASE)
_MARKED: Final = re.compile(r"[<>{}\[\]`|*_#\\]")
_END: Final = re.compile(r"[.!?]+(?:\s|$)")
_FRENCH_SPACES: Final = str.maketrans("\u00a0\u202f", "  ")
_FENCE: Final = re.compile(r"\A\s*```(?:json)?\s*\n(.*)\n\s*```\s*\Z", re.DOTALL)
_SPOKEN: Final = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)


class NotAnAnswer(ValueError):
    """The model's text is not what was asked for; the message says why."""


def read(text: str) -> Any:
    """The JSON in `text`; raises NotAnAnswer."""
    if len(text) > LONGEST:
        raise NotAnAnswer("it is too long")
    text = _SPOKEN.sub("", text)
    fenced = _FENCE.match(text)
    try:
        return json.loads(fenced[1] if fenced else text, object_pairs_hook=_once, parse_constant=_no_constant)
    except NotAnAnswer:
        raise
    except (ValueError, RecursionError):
        raise NotAnAnswer("it is not JSON") from None


def verdicts(text: str, count: int) -> Mapping[int, Opinion]:
    """Opinions by number, 1 to `count`; some may be missing. Raises NotAnAnswer."""
    told = read(text)
    if isinstance(told, dict) and set(told) == {"answers"}:
        told = told["answers"]
    if not isinstance(told, list) or not 0 < len(told) <= count:
        raise NotAnAnswer(f"it is not a list of at most {count} verdicts")
    opinions: dict[int, Opinion] = {}
    for verdict in told:
        number, opinion = _verdict(verdict, count)
        if number in opinions:
            raise NotAnAnswer(f"it judges number {number} twice")
        opinions[number] = opinion
    return opinions


def understood(text: str, asked: str) -> Wish:
    """What was asked for, in its parts. Raises NotAnAnswer."""
    told = read(text)
    if not isinstance(told, dict) or set(told) != set(PARTS):
        raise NotAnAnswer("a description has other parts than those asked for")
    kind, language = told["media_type"], told["language"]
    if kind not in ("movie", "tv", None):
        raise NotAnAnswer("media_type is neither movie nor tv")
    if language is not None and not (isinstance(language, str) and _LANGUAGE.fullmatch(language)):
        raise NotAnAnswer("language is no code of two letters")
    if any(genre not in ENGLISH for genre in _texts(told, "genres")):
        raise NotAnAnswer("there is no such genre")
    return Wish(
        text=asked,
        plot=asked,
        by=By.MODEL,
        title=line(told["title"], "title", LONGEST_TEXT) or None if told["title"] is not None else None,
        people=_texts(told, "people"),
        seen_in=_texts(told, "seen_in"),
        genres=frozenset(genre.replace(" ", "_") for genre in _texts(told, "genres")),
        years=_years(told["year_from"], told["year_to"]),
        media_type=MediaType(kind) if kind else None,
        language=language,
        words=_texts(told, "words"),
    )


def summary(text: str) -> str:
    """One to three sentences without an address in them. Raises NotAnAnswer."""
    told = read(text)
    if not isinstance(told, dict) or set(told) != {"summary"}:
        raise NotAnAnswer("a summary has other parts than those asked for")
    said = line(told["summary"], "summary", MOST_SENTENCES * (LONGEST_SENTENCE + 3))
    if len(said) < SHORTEST_SENTENCE or not said.endswith((".", "!", "?")):
        raise NotAnAnswer("the summary is no sentence")
    if _ADDRESS.search(said) or _MARKED.search(said):
        raise NotAnAnswer("the summary holds an address or marks of a page")
    if len(_END.findall(said)) > MOST_SENTENCES:
        raise NotAnAnswer(f"the summary has more than {MOST_SENTENCES} sentences")
    return said


def _texts(told: Mapping[str, Any], name: str) -> tuple[str, ...]:
    texts = told[name]
    if not isinstance(texts, list) or len(texts) > MOST_TEXTS:
        raise NotAnAnswer(f"{name} is not a list of at most {MOST_TEXTS} texts")
    return tuple(dict.fromkeys(text for each in texts if (text := line(each, name, LONGEST_TEXT))))


def _years(first: Any, last: Any) -> tuple[int, int] | None:
    since, until = _year(first), _year(last)
    if since is None and until is None:
        return None
    since, until = since or wish.EARLIEST, until or wish.LATEST
    return min(since, until), max(since, until)


def _year(told: Any) -> int | None:
    return None if told is None else integer(told, "year", EARLIEST, LATEST)


def _verdict(told: Any, count: int) -> tuple[int, Opinion]:
    if not isinstance(told, dict) or set(told) != {"id", "match", "confidence", "reason"}:
        raise NotAnAnswer("a verdict has other parts than those asked for")
    if type(told["match"]) is not bool:
        raise NotAnAnswer("match is neither true nor false")
    confidence = integer(told["confidence"], "confidence", 0, 100)
    return integer(told["id"], "id", 1, count), Opinion(
        told["match"], confidence, line(told["reason"], "reason", LONGEST_REASON)
    )


def integer(told: Any, name: str, least: int, most: int) -> int:
    """A whole number in range; true is none. Raises NotAnAnswer."""
    if type(told) is not int or not least <= told <= most:
        raise NotAnAnswer(f"{name} is not a number from {least} to {most}")
    return told


def line(told: Any, name: str, longest: int) -> str:
    """A line of text without control characters. Raises NotAnAnswer."""
    if not isinstance(told, str) or len(told) > longest:
        raise NotAnAnswer(f"{name} is not a text of at most {longest} characters")
    told = told.translate(_FRENCH_SPACES)
    if not told.isprintable():  # control characters, turned directions of writing, halves of characters
        raise NotAnAnswer(f"{name} holds control characters")
    return " ".join(told.split())


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) != len(pairs):
        raise NotAnAnswer("a part stands twice")
    return told


def _no_constant(name: str) -> Any:
    raise NotAnAnswer(f"{name} is not JSON")
