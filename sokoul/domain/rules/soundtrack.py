"""The music of the film instead of the film."""

from __future__ import annotations

import re

from sokoul.domain.offer import Refusal, refuse
from sokoul.domain.rules.context import Context
from sokoul.domain.rules.words import beyond_title

_WORDS = re.compile(
    r"\b(soundtracks?|original.(?:motion.picture|score|music)|film.?score|bande.originale|discography)\b",
    re.IGNORECASE,
)
# A film's sound is described by such words too: they count where no picture is.
_SOUND = re.compile(
    r"\b(o\.?s\.?t|(?:320|256|192|128).?kbps|24.?bit.?(?:96|192|48)?|mp3|vinyl|cd.?rip|hi.?res)\b",
    re.IGNORECASE,
)
_LOSSLESS = re.compile(r"\b(flac|alac|ape|cd)\b", re.IGNORECASE)


def soundtrack(context: Context) -> Refusal | None:
    """Refuse by category (audio) or by words outside the title, unless the name states a picture."""
    categories = context.offer.categories
    if categories and all(3000 <= category < 4000 for category in categories):
        return refuse("soundtrack.filed")
    release = context.release
    rest = beyond_title(context)
    pictured = release.resolution is not None or release.source is not None or release.video_codec is not None
    if found := _WORDS.search(rest) or (None if pictured else _SOUND.search(rest)):
        return refuse("soundtrack.word", word=found.group(1))
    if not pictured and _LOSSLESS.search(rest):
        return refuse("soundtrack.pictureless")
    return None
