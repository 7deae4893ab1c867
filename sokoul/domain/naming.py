"""Where a film or an episode lies in the library: relative paths that can never leave it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import PurePosixPath

from sokoul.domain.media import Work

LONGEST_COMPONENT = 255
_LONGEST_SUFFIX = 16
_ILLEGAL = re.compile(r'[\\/<>"|?*\x00-\x1f\x7f-\x9f]')
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_DEVICE = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|clock\$|(?:com|lpt)[0-9¹²³])(?=\.|$|\s)", re.IGNORECASE
)


def movie_path(work: Work, resolution: int | None, suffix: str) -> PurePosixPath:
    """`Title (Year)/Title (Year) - 1080p.mkv`; `resolution` in lines, left out when unknown."""
    label = f" - {resolution}p" if resolution else ""
    tail = label + clean_suffix(suffix)
    folder = clean_name(_titled(work), keep=len(tail.encode()))
    return PurePosixPath(folder, folder + tail)


def episode_path(
    series: Work, season: int, episodes: Sequence[int], episode_title: str | None, suffix: str
) -> PurePosixPath:
    """`Title (Year)/Season 01/Title (Year) - S01E02 - Episode.mkv`; several episodes become `S01E01-E02`."""
    numbers = sorted({max(0, number) for number in episodes}) or [0]
    code = f"S{max(0, season):02d}E{numbers[0]:02d}" + (f"-E{numbers[-1]:02d}" if len(numbers) > 1 else "")
    tail = clean_suffix(suffix)
    folder = clean_name(_titled(series), keep=len(code.encode()) + len(tail.encode()) + 3)
    leaf = f"{folder} - {code}"
    room = LONGEST_COMPONENT - len(leaf.encode()) - len(tail.encode()) - 3
    title = _shorten(_legal(episode_title or ""), min(room, 120)) if room > 0 else ""
    return PurePosixPath(
        folder, f"Season {max(0, season):02d}", leaf + (f" - {title}" if title else "") + tail
    )


def unknown_path(name: str, suffix: str) -> PurePosixPath:
    """Where something that could not be identified is kept: `name/name.mkv`, never lost."""
    tail = clean_suffix(suffix)
    folder = clean_name(name, keep=len(tail.encode()))
    return PurePosixPath(folder, folder + tail)


def clean_name(text: str, *, keep: int = 0) -> str:
    """One path component of at most 255 bytes minus `keep`, harmless on every file system, never empty."""
    name = _shorten(_legal(text), LONGEST_COMPONENT - keep)
    if not name:
        return "Untitled"
    if _DEVICE.match(name):
        return "_" + _shorten(name, LONGEST_COMPONENT - keep - 1)
    return name


def clean_suffix(suffix: str) -> str:
    """A file suffix with its dot, lower case, letters and digits only; empty when there is none."""
    letters = "".join(char for char in suffix.lower() if char.isascii() and char.isalnum())[:_LONGEST_SUFFIX]
    return f".{letters}" if letters else ""


def _titled(work: Work) -> str:
    year = f" ({work.year})" if work.year else ""
    title = _shorten(_legal(work.title), 200) or "Untitled"
    return title + year


def _legal(text: str) -> str:
    """No separators, control, invisible or reversing characters; a colon becomes a dash."""
    text = unicodedata.normalize("NFC", text)
    text = re.sub(r"\s*:\s+", " - ", text).replace(":", "-")
    text = _ILLEGAL.sub(" ", text)
    text = "".join(" " if unicodedata.category(char) in _INVISIBLE else char for char in text)
    return _trim(re.sub(r"\s+", " ", text))


def _trim(text: str) -> str:
    """No spaces or dots at either end: hidden files, `..` and names that Windows cannot open."""
    return text.strip(" .")


def _shorten(text: str, room: int) -> str:
    return _trim(text.encode()[: max(0, room)].decode("utf-8", "ignore"))
