"""Subtitle files that belong to a video: which they are, in which language, and their names beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from sokoul.domain.release import subtitle
from sokoul.domain.release.language_words import SUFFIXES as LANGUAGES
from sokoul.features.library.model import Sidecar

SUFFIXES = frozenset({".srt", ".ass", ".ssa", ".vtt", ".sub", ".idx", ".sup", ".smi"})
_TEXT = frozenset({".srt", ".ass", ".ssa", ".vtt", ".smi"})
_CODECS = {
    ".srt": "subrip", ".ass": "ass", ".ssa": "ssa", ".vtt": "webvtt", ".sub": "dvd_subtitle",
    ".idx": "dvd_subtitle", ".sup": "hdmv_pgs_subtitle", ".smi": "sami",
}  # fmt: skip
_FOLDERS = frozenset({"subs", "sub", "subtitles", "subtitle", "sous-titres", "soustitres", "vost"})
_LONGEST_CODE = 3
_MARKS = subtitle.FORCED | subtitle.HEARING


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
    words = subtitle.words(stem)
    return bool(words) and all(w in LANGUAGES or w in _MARKS or w.isdigit() for w in words)


def _read(path: PurePosixPath, words: str) -> Subtitle:
    parts = subtitle.words(words)
    spoken = [LANGUAGES[word] for place, word in enumerate(parts) if _is_language(parts, place)]
    # `en.hi` says English for the hard of hearing; `hi` alone is Hindi.
    hearing = len(spoken) > 1 and "hi" in parts
    spoken = [code for code in spoken if code != "hi"] if hearing else spoken
    # From the end: "Film.The.French.Connection.en" is English.
    return Subtitle(
        path,
        spoken[-1] if spoken else None,
        forced=not subtitle.FORCED.isdisjoint(parts),
        sdh=hearing or not subtitle.HEARING.isdisjoint(parts),
    )


def _is_language(parts: list[str], place: int) -> bool:
    """A name anywhere; a code only first or before marks, for most codes are words, too: "my", "run"."""
    word = parts[place]
    if word not in LANGUAGES or len(word) > _LONGEST_CODE or place == 0:
        return word in LANGUAGES
    return all(rest in _MARKS or rest in LANGUAGES or rest.isdigit() for rest in parts[place + 1 :])
