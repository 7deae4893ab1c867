"""Words a phrase in a language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from sokoul.domain.words import household, meanings, profiles, reasons, refusals
from sokoul.domain.words.forms import FORMS, typeset
from sokoul.domain.words.phrase import Phrase, Value
from sokoul.domain.words.template import Hole, Template, compiled

TOLD = ".told"

# English and French of every sentence.
SENTENCES: Mapping[str, tuple[str, str]] = {
    **refusals.SENTENCES,
    **household.SENTENCES,
    **reasons.SENTENCES,
    **profiles.SENTENCES,
    **meanings.SENTENCES,
}

_TEMPLATES: Mapping[str, Mapping[str, Template]] = {
    kind: {"en": compiled(english), "fr": compiled(typeset(french))}
    for kind, (english, french) in SENTENCES.items()
}


def told(code: str, text: str, french: str | None = None) -> Phrase:
    """A sentence that somebody else worded (a model, an older version), in one language or two."""
    return Phrase(code + TOLD, (("en", text), ("fr", french or text)))


@lru_cache(maxsize=4096)
def say(language: str, said: Phrase) -> str:
    """The sentence in "en" or "fr"; total, for rows of the database may be older or newer than the tables."""
    values = dict(said.values)
    if said.kind.endswith(TOLD):
        return str(values.get(language) or values.get("en") or said.code)
    templates = _TEMPLATES.get(said.kind)
    if templates is None:
        return said.code.replace("_", " ")
    return "".join(
        part if isinstance(part, str) else _filled(language, part, values) for part in templates[language]
    )


def _filled(language: str, hole: Hole, values: Mapping[str, Value]) -> str:
    value = values.get(hole.name)
    if value is None:
        return "?"
    if isinstance(value, Phrase):
        return say(language, value)
    if hole.plural:
        one = _is_one(language, value)
        return hole.plural[0 if one else 1]
    return FORMS[hole.form](language, value)


def _is_one(language: str, value: Value) -> bool:
    """French counts everything below two as one."""
    if not isinstance(value, int | float):
        return False
    return value == 1 or (language == "fr" and 0 <= value < 2)
