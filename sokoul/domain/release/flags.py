"""Things that are only there or not: 3D, burnt-in subtitles, upscaling."""

from __future__ import annotations

import re

_THREE_D = re.compile(
    r"(?<![a-z0-9])(?:3d|half[ ._-]?(?:sbs|ou|tab)|h-?(?:sbs|ou|tab)|full[ ._-]?(?:sbs|ou)|sbs|bd3d"
    r"|bluray3d)(?![a-z0-9])"
)
_BURNT = re.compile(
    r"(?<![a-z0-9])(?:[a-z]{3}sub|kor[ ._]?sub(?:s|bed)?|hard[ ._-]?(?:coded|sub(?:s|bed)?)"
    r"|subbed)(?![a-z0-9])"
)
_NOT_BURNT = frozenset({"engsub", "rosub", "nlsub", "multisub", "nosub", "vosub"})
_HC = re.compile(r"(?<![A-Za-z0-9])HC(?![A-Za-z0-9])")
GENERIC = "Generic Hardcoded Subs"
_UPSCALED = re.compile(
    r"(?<![a-z0-9])(?:(?:ai[ ._-]?)?(?:up-?scal(?:e|ed|ing)|upres(?:ed)?)|ai[ ._-]enhanced?|ups(?:uhd|fhd"
    r"|hd|4k)|regraded?|topaz)(?![a-z0-9])"
)


def three_d(low: str, title_end: int) -> bool:
    """3D, stated behind the title."""
    return _THREE_D.search(low, title_end) is not None


def hardcoded_subs(text: str, low: str, title_end: int) -> str | None:
    """The word that says which subtitles are part of the picture; `GENERIC` when it names none."""
    for found in _BURNT.finditer(low, title_end):
        if found.group() not in _NOT_BURNT:
            return GENERIC if found.group() == "subbed" else text[found.start() : found.end()]
    return GENERIC if _HC.search(text, title_end) else None


def upscaled(low: str, title_end: int) -> bool:
    """A small picture blown up, by its own word."""
    return _UPSCALED.search(low, title_end) is not None
