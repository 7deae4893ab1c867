"""No language that the household understands."""

from __future__ import annotations

from sokoul.domain.offer import Refusal, refuse
from sokoul.domain.release import Release
from sokoul.domain.rules.context import Context


def language(context: Context) -> Refusal | None:
    """Refuse when languages are stated and none is accepted; a silent name speaks the original language."""
    accepted, original = context.profile.languages, context.wanted.work.original_language
    if not accepted or context.release.multi or not (spoken := spoken_in(context.release, original)):
        return None
    if any(speaks(wish, spoken, original) for wish in accepted):
        return None
    return refuse("language.other", found=spoken, wanted=accepted)


def spoken_in(release: Release, original: str | None) -> tuple[str, ...]:
    """What it speaks, as far as anybody knows."""
    return release.languages or ((original,) if original else ())


def speaks(wish: str, spoken: tuple[str, ...], original: str | None) -> bool:
    """Whether a wish of the profile is met: a code, `original`, or `both` (several languages)."""
    if wish == "both":
        return len(spoken) > 1
    if wish == "original":
        # Where nobody knows the original language, nothing speaks against it.
        return original is None or original in spoken
    return wish in spoken
