"""What a custom format is made of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a condition looks at."""

    TITLE = "title"
    GROUP = "group"
    EDITION = "edition"
    SOURCE = "source"
    RESOLUTION = "resolution"
    MODIFIER = "modifier"
    LANGUAGE = "language"
    SIZE = "size"
    YEAR = "year"
    FLAG = "flag"
    RELEASE_TYPE = "release_type"


PATTERNS = frozenset({Kind.TITLE, Kind.GROUP, Kind.EDITION})
RANGES = frozenset({Kind.SIZE, Kind.YEAR})
SOURCES = (
    "cam", "telesync", "telecine", "workprint", "screener", "regional", "dvd", "tv", "webdl", "webrip",
    "bluray", "hddvd", "ppv", "vod", "vhs", "hdrip", "unknown", "bluray_file", "bluray_remux", "tv_raw",
)  # fmt: skip
MODIFIERS = ("none", "remux", "brdisk", "rawhd", "dvdr", "regional", "screener")
RELEASE_TYPES = ("single_episode", "multi_episode", "season_pack")
FLAGS = (
    "freeleech", "halfleech", "freeleech75", "freeleech25", "double_upload", "internal", "scene", "golden",
    "approved", "nuked",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Condition:
    """One question about a release.

    `value` is a regular expression (title, group, edition), a word of our vocabulary, a height in lines, an
    ISO 639-1 code or `original`. `least` and `most` are years, both included, or sizes in GB, the least one
    not included. `except_language` asks for any other language than `value`.
    """

    kind: Kind
    value: str = ""
    name: str = ""
    negate: bool = False
    required: bool = False
    least: float | None = None
    most: float | None = None
    except_language: bool = False


@dataclass(frozen=True, slots=True)
class CustomFormat:
    """A name and its conditions: every required one holds, and of each kind at least one."""

    name: str
    conditions: tuple[Condition, ...]
