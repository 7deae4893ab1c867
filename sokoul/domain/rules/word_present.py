"""A word that the profile does not want."""

from __future__ import annotations

from sokoul.domain.formats import pattern
from sokoul.domain.offer import Protocol, Refusal, refuse
from sokoul.domain.rules.context import Context
from sokoul.domain.rules.words import beyond_title
from sokoul.domain.wordlist import read_word


def word_present(context: Context) -> Refusal | None:
    """Refuse a name that holds one of the profile's unwanted words outside its title."""
    unwanted = context.profile.must_not
    if not unwanted or context.offer.protocol is Protocol.LIBRARY:
        return None
    text = beyond_title(context)
    found = next((word for word in unwanted if pattern(read_word(word)).found_in(text)), None)
    return refuse("word_present.found", word=found) if found is not None else None
