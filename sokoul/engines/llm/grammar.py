"""What a model may answer: a grammar for llama.cpp, a schema for the others, both of the same shape.

The grammar is written out by hand: llama.cpp's conversion of a schema ignores the bounds of integers and lets
control characters into texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sokoul.domain.meaning.genres import ENGLISH

LONGEST_REASON: Final = 120
LONGEST_TEXT: Final = 60
MOST_TEXTS: Final = 4
SHORTEST_SENTENCE, LONGEST_SENTENCE, MOST_SENTENCES = 15, 180, 3
EARLIEST: Final = 1870
LATEST: Final = 2099
# The parts of a description and the rule of the grammar for each.
PARTS: Final[Mapping[str, str]] = {
    "title": "maybetext",
    "people": "texts",
    "seen_in": "texts",
    "genres": "genres",
    "year_from": "maybeyear",
    "year_to": "maybeyear",
    "media_type": "maybekind",
    "language": "maybelanguage",
    "words": "texts",
}

# Letters of the Latin, Greek and Cyrillic alphabets, digits and plain punctuation: no quote, no backslash.
_CHARACTER: Final = r"[a-zA-Z0-9 .,:;!?()'&%/+\-À-ÖØ-öø-žΑ-ΡΣ-ωА-я]"
_INSIDE: Final = _CHARACTER.replace(".", "", 1).replace("!?", "", 1)
_COMMON: Final = rf"""
char ::= {_CHARACTER}
bool ::= "true" | "false"
percent ::= "100" | [1-9] [0-9] | [0-9]
year ::= "18" [7-9] [0-9] | "19" [0-9] [0-9] | "20" [0-9] [0-9]
"""
_VERDICT: Final = r'"{{\"id\":{n},\"match\":" bool ",\"confidence\":" percent ",\"reason\":\"" reason "\"}}"'


@dataclass(frozen=True, slots=True)
class Shape:
    """The shape of one answer; `tokens` is the most it can need."""

    name: str
    grammar: str
    schema: Mapping[str, Any]
    tokens: int


def verdicts(count: int) -> Shape:
    """`count` verdicts, numbered from 1, in this order: [{id, match, confidence, reason}, …]."""
    items = "\n".join(f"v{n} ::= {_VERDICT.format(n=n)}" for n in range(1, count + 1))
    row = ' "," '.join(f"v{n}" for n in range(1, count + 1))
    grammar = f'root ::= "[" {row} "]"\n{items}\nreason ::= char{{1,{LONGEST_REASON}}}\n{_COMMON}'
    return Shape("verdicts", grammar, _verdicts_schema(count), 60 + count * (60 + 2 * LONGEST_REASON))


def understanding() -> Shape:
    """A description in its parts, in the order of `PARTS`."""
    parts = ' "," '.join(f'"\\"{name}\\":" {rule}' for name, rule in PARTS.items())
    genres = " | ".join(f'"\\"{genre}\\""' for genre in ENGLISH)
    grammar = f"""root ::= "{{" {parts} "}}"
text ::= "\\"" char{{1,{LONGEST_TEXT}}} "\\""
texts ::= "[]" | "[" text ("," text){{0,{MOST_TEXTS - 1}}} "]"
genre ::= {genres}
genres ::= "[]" | "[" genre ("," genre){{0,{MOST_TEXTS - 1}}} "]"
maybetext ::= "null" | text
maybeyear ::= "null" | year
maybekind ::= "null" | "\\"movie\\"" | "\\"tv\\""
maybelanguage ::= "null" | "\\"" [a-z] [a-z] "\\""
{_COMMON}"""
    return Shape("understanding", grammar, _understanding_schema(), 200 + 14 * 2 * LONGEST_TEXT)


def summary() -> Shape:
    """Two or three sentences: {"summary": "…"}; a full stop stands at their ends alone."""
    sentence = rf"[A-ZÀ-ÖØ-Þ0-9] {_INSIDE}{{{SHORTEST_SENTENCE},{LONGEST_SENTENCE}}} [.!?]"
    grammar = f"""root ::= "{{\\"summary\\":\\"" sentence " " sentence (" " sentence)? "\\"}}"
sentence ::= {sentence}"""
    longest = MOST_SENTENCES * (LONGEST_SENTENCE + 3)
    schema = _object({"summary": {"type": "string", "maxLength": longest}})
    return Shape("summary", grammar, schema, 40 + longest // 2)


def _understanding_schema() -> Mapping[str, Any]:
    texts = {"type": "array", "items": {"type": "string", "maxLength": LONGEST_TEXT}, "maxItems": MOST_TEXTS}
    kinds: Mapping[str, Mapping[str, Any]] = {
        "texts": texts,
        "genres": {
            "type": "array",
            "items": {"type": "string", "enum": list(ENGLISH)},
            "maxItems": MOST_TEXTS,
        },
        "maybetext": {"type": ["string", "null"], "maxLength": LONGEST_TEXT},
        "maybeyear": {"type": ["integer", "null"], "minimum": EARLIEST, "maximum": LATEST},
        "maybekind": {"type": ["string", "null"], "enum": ["movie", "tv", None]},
        "maybelanguage": {"type": ["string", "null"], "pattern": "^[a-z]{2}$"},
    }
    return _object({name: kinds[rule] for name, rule in PARTS.items()})


def _verdicts_schema(count: int) -> Mapping[str, Any]:
    verdict = _object(
        {
            "id": {"type": "integer", "minimum": 1, "maximum": count},
            "match": {"type": "boolean"},
            "confidence": {"type": "integer", "minimum": 0, "maximum": 100},
            "reason": {"type": "string", "maxLength": LONGEST_REASON},
        }
    )
    # Hosted endpoints take nothing but an object at the root.
    return _object({"answers": {"type": "array", "items": verdict, "maxItems": count}})


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }
