"""What a release's name promised against what was found in its file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sokoul.domain.mediafacts import MediaFacts, lines
from sokoul.domain.release import Release

# The claims that a name, or the work it names, makes; in the order in which they are told.
CLAIMS = ("plays", "resolution", "codec", "language", "hdr", "runtime")

_CODECS = {
    "avc": ("h264",),
    "hevc": ("hevc",),
    "av1": ("av1",),
    "vp9": ("vp9",),
    "xvid": ("mpeg4", "msmpeg4v3"),
    "mpeg2": ("mpeg2video", "mpeg1video"),
    "vc1": ("vc1", "wmv3"),
}
# Three letters, as containers have them, to two, as names are read; both forms of those that have two.
_LANGUAGES = {
    "ara": "ar", "bul": "bg", "cat": "ca", "ces": "cs", "chi": "zh", "cze": "cs", "dan": "da", "deu": "de",
    "dut": "nl", "ell": "el", "eng": "en", "est": "et", "fas": "fa", "fin": "fi", "fra": "fr", "fre": "fr",
    "ger": "de", "gre": "el", "heb": "he", "hin": "hi", "hrv": "hr", "hun": "hu", "ice": "is", "ind": "id",
    "isl": "is", "ita": "it", "jpn": "ja", "kor": "ko", "lav": "lv", "lit": "lt", "may": "ms", "msa": "ms",
    "nld": "nl", "nor": "no", "nob": "no", "per": "fa", "pol": "pl", "por": "pt", "ron": "ro", "rum": "ro",
    "rus": "ru", "slk": "sk", "slo": "sk", "slv": "sl", "spa": "es", "srp": "sr", "swe": "sv", "tam": "ta",
    "tel": "te", "tha": "th", "tur": "tr", "ukr": "uk", "vie": "vi", "zho": "zh",
}  # fmt: skip
_SMALL, _NARROWEST = 576, 600
_SHORTEST, _LONGEST = 0.7, 1.6


@dataclass(frozen=True, slots=True)
class Outcome:
    """One claim: what was told, what was found, and whether it was kept."""

    claim: str
    told: str
    found: str
    kept: bool


def compare(
    release: Release, facts: MediaFacts | None, *, problem: str | None = None, runtime: int | None = None
) -> tuple[Outcome, ...]:
    """Every claim that can be looked at; `runtime` is the work's, in minutes. Silence is no lie."""
    if facts is None:
        return (Outcome("plays", "a video", (problem or "nothing that plays")[:200], kept=False),)
    return tuple(_outcomes(release, facts, runtime))


def _outcomes(release: Release, facts: MediaFacts, runtime: int | None) -> Iterator[Outcome]:
    yield Outcome("plays", "a video", "a video", kept=True)
    height = lines(facts)
    if release.resolution and height:
        # All of the small ones are one class, by their width; more than was promised breaks no promise.
        small = release.resolution <= _SMALL and facts.video.width >= _NARROWEST
        kept = small or height >= release.resolution
        yield Outcome("resolution", f"{release.resolution}p", f"{height}p", kept=kept)
    if wanted := _CODECS.get(release.video_codec or ""):
        codec = facts.video.codec
        yield Outcome("codec", release.video_codec or "", codec, kept=codec in wanted)
    if outcome := _language(release, facts):
        yield outcome
    if release.hdr:
        found = facts.video.hdr
        yield Outcome("hdr", " ".join(release.hdr), found or "none", kept=found is not None)
    if runtime and facts.duration > 0:
        minutes = facts.duration / 60
        kept = _SHORTEST * runtime <= minutes <= max(_LONGEST * runtime, runtime + 20)
        yield Outcome("runtime", f"{runtime} min", f"{minutes:.0f} min", kept=kept)


def _language(release: Release, facts: MediaFacts) -> Outcome | None:
    """Nothing is said of a file that names none of its tracks, nor of a name that names no language."""
    found = [_LANGUAGES.get((track.language or "").lower(), track.language or "") for track in facts.audio]
    named = {language[:2].lower() for language in found if language and language != "und"}
    if not named or len(named) < len(found) or not (release.languages or release.multi):
        return None
    told = "multi" if release.multi else " ".join(release.languages)
    kept = len(named) > 1 if release.multi else not named.isdisjoint(release.languages)
    return Outcome("language", told, " ".join(sorted(named)), kept=kept)
