"""None of the words that the profile asks for."""

from __future__ import annotations

from sokoul.domain.formats import pattern
from sokoul.domain.offer import Protocol, Refusal, refuse
from sokoul.domain.rules.context import Context
from sokoul.domain.rules.words import beyond_title
from sokoul.domain.wordlist import read_word


def word_missing(context: Context) -> Refusal | None:
    """Refuse a name that holds none of the profile's words outside its title; one of them is enough."""
    asked = context.profile.must
    if not asked or context.offer.protocol is Protocol.LIBRARY:
        return None
    text = beyond_title(context)
    if any(pattern(read_word(word)).found_in(text) for word in asked):
        return None
    return refuse("word_missing.none", words=asked)
