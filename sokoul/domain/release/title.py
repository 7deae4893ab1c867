"""The title: what stands before everything else, without the marks around it."""

from __future__ import annotations

import re

_HAN = r"\u2e80-\u2fdf\u3005-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
_EDGES = " .-_,:;~*+|/\\&=#"
_BRACKETS = re.compile(r"\[[^\]]*\]?|★[^★]*★|[★]")
_AKA = re.compile(r"\s+(?:aka|a\.k\.a\.?|a k a)\s+|\s*\((?:aka|a\.k\.a\.?)\s+(?=[^)]*\)?$)", re.IGNORECASE)
_PARTED = re.compile(r"\s+[/|]\s+|(?<=[" + _HAN + r"!])\s*/\s*|\s*/\s*(?=[A-Za-z][^/]{3,}$)|·")
_HAS_LATIN = re.compile(r"[A-Za-z]{2,}")
_HAN_RUN = re.compile(rf"[{_HAN}～·！、，：－-]*[{_HAN}][{_HAN}～·！、，：－\s-]*")


def clean(raw: str) -> str:
    """Dots and underscores as spaces unless the name has spaces, edges and lonely brackets taken off."""
    text = raw.replace("_", " ").replace(".-.", " - ")
    if " " not in text.strip() or text.count(".") > 2 * text.strip().count(" ") + 1:
        text = re.sub(r"\.(?!\s)", " ", re.sub(r"(?<=\b[A-Z])\.(?=[A-Z]\b)", "\x00", text)).replace(
            "\x00", "."
        )
    text = re.sub(r"[<>{}]", " ", text)
    text = re.sub(r"[ .-]+\(?\d{1,3}\.5\W*$", "", text)
    text = re.sub(r"[\[(]\s*[\])]", "", text)
    text = _balanced(text.strip(_EDGES))
    return re.sub(r"\s+", " ", text).strip(_EDGES)


def _balanced(text: str) -> str:
    for opening, closing in ("()", "[]"):
        if text.count(opening) != text.count(closing):
            text = text.replace(opening, " ").replace(closing, " ")
    return text


def titles(raw: str) -> tuple[str, ...]:
    """The title and its other names: `A AKA B`, `Б / B`; the first is the one to show."""
    plain = clean(raw)
    parts = [clean(part) for part in _AKA.split(plain) if clean(part)]
    if len(parts) > 1:
        return (plain, *parts)
    names = [clean(part) for part in _PARTED.split(raw) if part and clean(part)]
    if len(names) > 1:
        return _ordered(names)
    return (latin_part(plain),) if latin_part(plain) == plain or not plain else (latin_part(plain), plain)


def _ordered(names: list[str]) -> tuple[str, ...]:
    shown = [latin_part(name) for name in names]
    latin = [name for name in shown if _HAS_LATIN.search(name)]
    if len(names) == 2 and len(latin) == 2 and not re.search(f"[{_HAN}]", "".join(names)):
        return (f"{names[0]} / {names[1]}", *names) if " " in names[0] else (latin[1], *names)
    pure = [name for name in names if name in latin and not re.search(f"[{_HAN}]", name)]
    best = (pure or latin or shown)[-1] if latin else shown[0]
    return tuple(dict.fromkeys([best, *names, *shown, " / ".join(names)]))


def latin_part(name: str) -> str:
    """The Latin words of a name that also has Chinese or Japanese ones."""
    if not re.search(f"[{_HAN}]", name) or len(_HAS_LATIN.findall(name)) < 1:
        return name
    latin = clean(_HAN_RUN.sub(" ", name))
    return latin if len(re.findall(r"[A-Za-z]", latin)) >= 4 else name


def of_brackets(text: str) -> str | None:
    """The title of a name made of brackets, Latin words first: `[Group][汉字][Title][2019][12]`."""
    found = re.findall(r"\[([^\[\]]+)\]", text)
    inner = [
        part.strip() for part in found if not re.fullmatch(r"\d{2,4}|\d+月新番|国漫|國漫|\d+月", part.strip())
    ]
    inner = [part for part in inner if not part.endswith("新番")]
    if not inner:
        return None
    latin = [part for part in inner if _HAS_LATIN.search(part)]
    chosen = (latin or inner)[0]
    names = [part.strip() for part in re.split(r"[/|_]", chosen) if part.strip()]
    spoken = [latin_part(name) for name in names if _HAS_LATIN.search(name)]
    return clean((spoken or names)[-1]) if names else None
