"""What a model may answer: a grammar for llama.cpp, a schema for the others, both of the same shape.

The grammar is written out by hand: llama.cpp's conversion of a schema ignores the bounds of integers and lets
control characters into texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

LONGEST_REASON: Final = 120
LONGEST_TEXT: Final = 60
MOST_WORDS: Final = 5

# Letters of the Latin, Greek and Cyrillic alphabets, digits and plain punctuation: no quote, no backslash.
_CHARACTER: Final = r"[a-zA-Z0-9 .,:;!?()'&%/+\-À-ÖØ-öø-žΑ-ΡΣ-ωА-я]"
_COMMON: Final = rf"""
char ::= {_CHARACTER}
bool ::= "true" | "false"
percent ::= "100" | [1-9] [0-9] | [0-9]
year ::= "18" [0-9] [0-9] | "19" [0-9] [0-9] | "20" [0-9] [0-9]
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
