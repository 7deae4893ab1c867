"""The one part of a path that names the release: a scrambled file gives way to the folder above it."""

from __future__ import annotations

import re

from sokoul.domain.release import anchors, garbage

_ABSOLUTE = re.compile(r"^[A-Za-z]:[\\/]|^[\\/]|\\")
# A folder with a file in it; a slash in brackets, beside a space or between CJK words parts two names.
_RELATIVE = re.compile(r"[^\s/\u2e80-\u9fff\uac00-\ud7af]/(?=[^\s/])")
_SEASON_FOLDER = re.compile(
    r"(?:seasons?|saison|staffel|temporada|stagione|sezon|seizoen|series|сезон|s)"
    r"[ ._]*(\d{1,4})(?![\d])(?:$|[ ._-].*)",
    re.IGNORECASE,
)
_SPECIALS = re.compile(r"(?:specials?|extras?)$", re.IGNORECASE)
_NUMBERED = re.compile(
    r"(?:(?:episode|ep|e|afl|folge|серия)[ ._]*)?"
    r"(?P<first>\d{1,3})(?P<more>(?:-e?\d{1,3})?)(?!\d)(?P<rest>[ ._-].*|)$",
    re.IGNORECASE,
)
_CODE_IN_BRACKETS = re.compile(r"\[(?P<season>\d{1,2})(?P<episode>\d\d)\]")
_EPISODE = re.compile(r"s\d+[ ._x]*e\d|\d{1,2}x\d\d", re.IGNORECASE)
_SPEAKING = re.compile(
    r"s\d+[ ._-]*e\d|\d+x\d|(?<!\d)(?:19|20)\d\d(?!\d)|\d{3,4}p|episode"
    r"|[a-z]{3}[ ._-]{1,3}\d{2,3}(?:[ ._-]|$)",
    re.IGNORECASE,
)
_SHORTENED = re.compile(r"[a-z0-9]{2,8}-[a-z0-9.-]+")
_TITLED = re.compile(r"(?P<title>[^()]+) \((?:19|20)\d\d\)")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|s\d+e\d|\d+x\d\d", re.IGNORECASE)
_BATCH = re.compile(r"(?P<show>.+?)\s(?P<first>\d{1,4})-(?P<last>\d{1,4})(?=\s*[\[(]|\s*$)")
# `010E70S.nuF.fo.snoS` is a name from right to left.
_REVERSED = re.compile(r"(?:^|[-._ ])(?:p027|p0801|p0612|\d{1,3}E-?\d{1,2}S)(?=[-._ ]|$)")


def name_of(path: str, *, is_file: bool) -> str:
    """The text to read; a name that is no path comes back as it is, one written backwards turned around."""
    parts = _parts(path, is_file=is_file)
    leaf = parts[-1] if parts else path
    if _REVERSED.search(leaf):
        return leaf[::-1]
    return leaf if len(parts) < 2 else _with_folders(leaf, parts[:-1])


def _parts(path: str, *, is_file: bool) -> list[str]:
    if _ABSOLUTE.search(path):
        return [part.strip() for part in re.split(r"[\\/]+", path) if part.strip()]
    places = [found.end() - 1 for found in _RELATIVE.finditer(path)] if is_file else []
    places = [place for place in places if _outside_brackets(path[:place])]
    if not places or len(path) - places[-1] < 3:
        return [path]
    starts = [0, *(place + 1 for place in places)]
    return [path[one:other] for one, other in zip(starts, [*places, len(path)], strict=True)]


def _outside_brackets(before: str) -> bool:
    return before.count("[") == before.count("]") and before.count("(") == before.count(")")


def _with_folders(leaf: str, folders: list[str]) -> str:
    season = _season(folders[-1])
    named = [part for part in folders if _season(part) is None and not part.endswith(":")]
    show = named[-1] if named else ""
    if season is not None and not _EPISODE.search(leaf):
        if numbered := _NUMBERED.match(leaf):
            first, more, rest = numbered.group("first", "more", "rest")
            return f"{show} S{season:02d}E{int(first):02d}{more}{rest}".strip()
        if (code := _CODE_IN_BRACKETS.search(leaf)) and int(code.group("season")) == season:
            return f"{leaf[: code.start()]}S{season:02d}E{code.group('episode')}{leaf[code.end() :]}"
    if _EPISODE.match(leaf):
        return f"{show} - {leaf}" if show else leaf
    batch = _BATCH.match(show) if leaf.isdigit() else None
    if batch and int(batch.group("first")) <= int(leaf) <= int(batch.group("last")):
        return f"{batch.group('show')} - {leaf}"
    return _with_year(_speaking(leaf, folders), folders[-1])


def _with_year(name: str, folder: str) -> str:
    """`Film (1995)/Film.DVDRip.avi`: the year that only the folder tells."""
    found = _TITLED.fullmatch(folder)
    if not found or _YEAR.search(name):
        return name
    title = found.group("title")
    same = _folded(name[: len(title)]) == _folded(title)
    return folder + name[len(title) :] if same else name


def _folded(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.casefold())


def _season(folder: str) -> int | None:
    if _SPECIALS.match(folder):
        return 0
    found = _SEASON_FOLDER.match(folder)
    return int(found.group(1)) if found else None


def _speaking(leaf: str, folders: list[str]) -> str:
    """The file's own name, or that of the nearest folder which says more."""
    silent = garbage.is_garbage(leaf) or not _speaks(leaf)
    if silent or _SHORTENED.fullmatch(leaf):
        for folder in reversed(folders[-3:]):
            if _speaks(folder) and not garbage.is_garbage(folder):
                return folder
    return leaf


def _speaks(part: str) -> bool:
    low = part.lower()
    return _SPEAKING.search(part) is not None or anchors.strong(low, 0) < len(low)
