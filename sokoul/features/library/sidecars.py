"""Subtitle files that belong to a video: which they are, in which language, and their names beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from sokoul.features.library.model import Sidecar

SUFFIXES = frozenset({".srt", ".ass", ".ssa", ".vtt", ".sub", ".idx", ".sup", ".smi"})
_TEXT = frozenset({".srt", ".ass", ".ssa", ".vtt", ".smi"})
_CODECS = {
    ".srt": "subrip", ".ass": "ass", ".ssa": "ssa", ".vtt": "webvtt", ".sub": "dvd_subtitle",
    ".idx": "dvd_subtitle", ".sup": "hdmv_pgs_subtitle", ".smi": "sami",
}  # fmt: skip
_FOLDERS = frozenset({"subs", "sub", "subtitles", "subtitle", "sous-titres", "soustitres", "vost"})
_LANGUAGES = {
    "ar": "ara arabic", "bg": "bul bulgarian", "cs": "cze ces czech", "da": "dan danish",
    "de": "ger deu german deutsch", "el": "gre ell greek", "en": "eng english anglais",
    "es": "spa spanish espanol castilian", "et": "est estonian", "fa": "per fas persian farsi",
    "fi": "fin finnish", "fr": "fre fra french francais vff vfq", "he": "heb hebrew", "hi": "hin hindi",
    "hr": "hrv croatian", "hu": "hun hungarian", "id": "ind indonesian", "is": "ice isl icelandic",
    "it": "ita italian italiano", "ja": "jpn japanese", "ko": "kor korean", "lt": "lit lithuanian",
    "lv": "lav latvian", "nl": "dut nld dutch", "no": "nor norwegian", "pl": "pol polish",
    "pt": "por portuguese", "ro": "rum ron romanian", "ru": "rus russian", "sk": "slo slk slovak",
    "sl": "slv slovenian", "sr": "srp serbian", "sv": "swe swedish", "th": "tha thai", "tr": "tur turkish",
    "uk": "ukr ukrainian", "vi": "vie vietnamese", "zh": "chi zho chinese",
}  # fmt: skip
_BY_WORD = {word: code for code, words in _LANGUAGES.items() for word in (code, *words.split())}
_FORCED = frozenset({"forced", "forces", "foreign"})
_SDH = frozenset({"sdh", "cc", "hearing", "impaired"})


@dataclass(frozen=True, slots=True)
class Subtitle:
    """What the name of a subtitle file says."""

    path: PurePosixPath
    language: str | None
    forced: bool
    sdh: bool

    @property
    def codec(self) -> str:
        return _CODECS[self.path.suffix.lower()]

    @property
    def text(self) -> bool:
        return self.path.suffix.lower() in _TEXT

    def listed(self, path: str | None = None) -> Sidecar:
        """As it is stored, lying at `path`."""
        return Sidecar(path or str(self.path), self.codec, self.language, self.forced, self.sdh, self.text)

    def beside(self, video_stem: str, number: int = 1) -> str:
        """The name next to a video: `Film.fr.srt`, `Film.en.forced.srt`, the second one `Film.fr.2.srt`."""
        marks = [self.language or ("und" if number > 1 or self.forced or self.sdh else "")]
        marks += [mark for mark, on in (("forced", self.forced), ("sdh", self.sdh)) if on]
        marks += [str(number)] if number > 1 else []
        tail = "".join(f".{mark}" for mark in marks if mark) + self.path.suffix.lower()
        return video_stem.encode()[: 255 - len(tail.encode())].decode("utf-8", "ignore") + tail


def video_folders(subtitle: PurePosixPath) -> tuple[PurePosixPath, ...]:
    """The folders in which its video may lie: its own, and those above folders for subtitles."""
    own = subtitle.parent
    if own.name.casefold() in _FOLDERS:
        return own, own.parent
    return (own, own.parent.parent) if own.parent.name.casefold() in _FOLDERS else (own,)


def is_subtitle(name: str) -> bool:
    """Whether the suffix is that of a subtitle file."""
    return PurePosixPath(name.lower()).suffix in SUFFIXES


def of_video(video: PurePosixPath, others: Iterable[PurePosixPath], *, alone: bool) -> list[Subtitle]:
    """The subtitles among `others` that belong to `video`; `alone` says that no other video lies there."""
    found = []
    for path in sorted(others):
        words = _words_for(video, path, alone=alone) if is_subtitle(path.name) else None
        if words is not None:
            found.append(_read(path, words))
    return found


def _words_for(video: PurePosixPath, path: PurePosixPath, *, alone: bool) -> str | None:
    """The part of the subtitle's name that speaks of its language; None when it is another video's."""
    stem, own = path.stem, video.stem
    if stem.casefold() == own.casefold() or stem.casefold().startswith(own.casefold() + "."):
        return stem[len(own) :]
    if path.parent == video.parent:
        return stem if alone and _names_language(stem) else None
    in_folder = path.parent.name.casefold() in _FOLDERS and path.parent.parent == video.parent
    if in_folder:
        return stem if alone else None
    nested = path.parent.parent.name.casefold() in _FOLDERS and path.parent.name.casefold() == own.casefold()
    return stem if nested else None


def _names_language(stem: str) -> bool:
    words = _split(stem)
    return bool(words) and all(w in _BY_WORD or w in _FORCED or w in _SDH or w.isdigit() for w in words)


def _read(path: PurePosixPath, words: str) -> Subtitle:
    parts = _split(words)
    # From the end: "Film.The.French.Connection.en" is English.
    language = next((_BY_WORD[word] for word in reversed(parts) if word in _BY_WORD), None)
    if language == "hi" and len(parts) > 1 and any(_BY_WORD.get(w, "hi") != "hi" for w in parts):
        # `en.hi` says English for the hard of hearing; `hi` alone is Hindi.
        language = next(_BY_WORD[w] for w in reversed(parts) if _BY_WORD.get(w, "hi") != "hi")
        return Subtitle(path, language, not _FORCED.isdisjoint(parts), sdh=True)
    return Subtitle(path, language, not _FORCED.isdisjoint(parts), not _SDH.isdisjoint(parts))


def _split(text: str) -> list[str]:
    return [word for word in re.split(r"[\W_]+", text.casefold()) if word]
