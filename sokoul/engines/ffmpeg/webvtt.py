"""Text subtitles in whatever shape, as WebVTT: encodings repaired, markup reduced to i, b and u."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape, unescape

MOST_CUES = 20_000
LONGEST_CUE = 2_000
LARGEST_FILE = 10 * 1024 * 1024

_BY_LANGUAGE = {
    "cp1250": {
        "cs",
        "cze",
        "ces",
        "hr",
        "hrv",
        "hu",
        "hun",
        "pl",
        "pol",
        "ro",
        "ron",
        "rum",
        "sk",
        "slk",
        "slo",
    },
    "cp1251": {"be", "bel", "bg", "bul", "mk", "mac", "mkd", "ru", "rus", "sr", "srp", "uk", "ukr"},
    "cp1253": {"el", "ell", "gre"},
    "cp1254": {"tr", "tur"},
    "cp1255": {"he", "heb"},
    "cp1256": {"ar", "ara", "fa", "fas", "per"},
}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_TIME = re.compile(r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})[.,:](\d{1,3})")
_TAG = re.compile(r"<(/?)([a-zA-Z]{1,20})[^<>]{0,200}>")
_ASS_OVERRIDE = re.compile(r"\{([^{}]{0,500})\}")
_ASS_SWITCH = re.compile(r"\\([ibu])([01])(?!\d)")
_KEPT = ("i", "b", "u")


@dataclass(frozen=True, slots=True)
class Cue:
    """One text on screen; times in seconds, `text` with i, b and u in angle brackets and nothing else."""

    start: float
    end: float
    text: str


def decode(raw: bytes, language: str | None = None) -> str:
    """The text of a subtitle file in an unknown encoding; never fails, at worst shows replacement marks."""
    for mark, name in _MARKS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(name, "replace")
    head = raw[:2000]
    if head.count(0) > len(head) // 4:
        odd_zeros, even_zeros = head[1::2].count(0), head[::2].count(0)
        return raw.decode("utf-16-le" if odd_zeros > even_zeros else "utf-16-be", "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode(_legacy(language), "replace")


def _legacy(language: str | None) -> str:
    short = (language or "").lower().partition("-")[0]
    return next((name for name, codes in _BY_LANGUAGE.items() if short in codes), "cp1252")


def parse(text: str) -> list[Cue]:
    """The cues of a SubRip, WebVTT or ASS file, told apart by their content; broken ones are left out."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    if re.search(r"^Dialogue:", text, re.MULTILINE):
        return list(_parse_ass(text))
    return list(_parse_blocks(text))


def render(cues: Iterable[Cue]) -> bytes:
    """A WebVTT file, in the order of time."""
    lines = ["WEBVTT", ""]
    for cue in sorted(cues, key=lambda cue: (cue.start, cue.end))[:MOST_CUES]:
        lines += [f"{_stamp(cue.start)} --> {_stamp(cue.end)}", cue.text, ""]
    return "\n".join(lines).encode()


def cue(start: float, end: float, text: str) -> Cue | None:
    """A cue with tidied text; None when nothing is left to show."""
    lines = [line.strip() for line in plain_markup(text[:LONGEST_CUE]).split("\n")]
    tidy = "\n".join(line for line in lines if line)
    return Cue(max(0.0, start), end, tidy) if tidy and end > max(0.0, start) else None


def plain_markup(text: str) -> str:
    """`text` with i, b and u kept and closed, other tags dropped, and everything else shown as it is."""
    parts: list[str] = []
    open_tags: list[str] = []
    place = 0
    for match in _TAG.finditer(text):
        parts.append(_shown(text[place : match.start()]))
        place = match.end()
        closing, name = match.group(1), match.group(2).lower()
        if name not in _KEPT:
            continue
        if not closing:
            open_tags.append(name)
            parts.append(f"<{name}>")
        elif name in open_tags:
            while open_tags:
                last = open_tags.pop()
                parts.append(f"</{last}>")
                if last == name:
                    break
    parts.append(_shown(text[place:]))
    parts += [f"</{name}>" for name in reversed(open_tags)]
    return "".join(parts)


def _shown(text: str) -> str:
    return escape(unescape(text), quote=False)


def from_ass(text: str) -> str:
    """ASS dialogue text with its italics, bold and underline as tags; drawings give nothing."""
    if re.search(r"\\p[1-9]", text):
        return ""
    text = text.replace("\\N", "\n").replace("\\n", "\n").replace("\\h", " ")

    def switch(match: re.Match[str]) -> str:
        found = _ASS_SWITCH.findall(match.group(1))
        return "".join(f"<{'' if on == '1' else '/'}{name}>" for name, on in found)

    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _ASS_OVERRIDE.sub(switch, escaped)


def _parse_blocks(text: str) -> Iterable[Cue]:
    """SubRip and WebVTT: a line with an arrow, then text up to the next empty line."""
    lines = text.split("\n")
    number, count = 0, 0
    while number < len(lines) and count < MOST_CUES:
        times = _arrow(lines[number])
        number += 1
        if times is None:
            continue
        body = []
        while number < len(lines) and lines[number].strip() and _arrow(lines[number]) is None:
            body.append(lines[number])
            number += 1
        made = cue(*times, _ASS_OVERRIDE.sub("", "\n".join(body)))
        if made is not None:
            count += 1
            yield made


def _parse_ass(text: str) -> Iterable[Cue]:
    columns = ["Layer", "Start", "End", "Style", "Name", "MarginL", "MarginR", "MarginV", "Effect", "Text"]
    count, in_events = 0, False
    for line in text.split("\n"):
        kind, _, rest = line.partition(":")
        if line.startswith("["):
            in_events = line.strip().lower() == "[events]"
        elif kind == "Format" and in_events:
            columns = [name.strip() for name in rest.split(",")][:20]
        elif kind == "Dialogue" and count < MOST_CUES:
            values = dict(zip(columns, rest.split(",", len(columns) - 1), strict=False))
            start, end = _seconds(values.get("Start", "")), _seconds(values.get("End", ""))
            if start is None or end is None:
                continue
            made = cue(start, end, from_ass(values.get("Text", "")))
            if made is not None:
                count += 1
                yield made


def _arrow(line: str) -> tuple[float, float] | None:
    before, arrow, after = line[:200].partition("-->")
    if not arrow:
        return None
    start, end = _seconds(before), _seconds(after)
    return None if start is None or end is None else (start, end)


def _seconds(text: str) -> float | None:
    match = _TIME.search(text)
    if match is None:
        return None
    hours, minutes, seconds, fraction = match.groups()
    whole = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
    return whole + float(f"0.{fraction}")


def _stamp(seconds: float) -> str:
    milliseconds = round(seconds * 1000)
    minutes, milliseconds = divmod(milliseconds, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{milliseconds / 1000:06.3f}"
