"""The numbers that Radarr and Sonarr use for sources, languages and so on, in our words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from sokoul.domain.formats import Condition, Kind

_SOURCES: Final[Mapping[str, Mapping[int, str]]] = {
    "radarr": {
        0: "unknown", 1: "cam", 2: "telesync", 3: "telecine", 4: "workprint", 5: "dvd", 6: "tv", 7: "webdl",
        8: "webrip", 9: "bluray",
    },
    "sonarr": {
        0: "unknown", 1: "tv", 2: "tv_raw", 3: "webdl", 4: "webrip", 5: "dvd", 6: "bluray_file",
        7: "bluray_remux",
    },
}  # fmt: skip
_MODIFIERS: Final = {0: "none", 1: "regional", 2: "screener", 3: "rawhd", 4: "brdisk", 5: "remux"}
_FLAGS: Final[Mapping[str, Mapping[int, str]]] = {
    "radarr": {
        1: "freeleech", 2: "halfleech", 4: "double_upload", 8: "golden", 16: "approved", 32: "internal",
        128: "scene", 256: "freeleech75", 512: "freeleech25", 2048: "nuked",
    },
    "sonarr": {
        1: "freeleech", 2: "halfleech", 4: "double_upload", 8: "internal", 16: "scene", 32: "freeleech75",
        64: "freeleech25", 128: "nuked",
    },
}  # fmt: skip
_RELEASE_TYPES: Final = {1: "single_episode", 2: "multi_episode", 3: "season_pack"}
_SHARED_LANGUAGES: Final = {
    -2: "original", 1: "en", 2: "fr", 3: "es", 4: "de", 5: "it", 6: "da", 7: "nl", 8: "ja", 9: "is", 10: "zh",
    11: "ru", 12: "pl", 13: "vi", 14: "sv", 15: "no", 16: "fi", 17: "tr", 18: "pt", 19: "nl", 20: "el",
    21: "ko", 22: "hu", 23: "he", 24: "lt", 25: "cs",
}  # fmt: skip
_LANGUAGES: Final[Mapping[str, Mapping[int, str]]] = {
    "radarr": {
        **_SHARED_LANGUAGES, 26: "hi", 27: "ro", 28: "th", 29: "bg", 30: "pt", 31: "ar", 32: "uk", 33: "fa",
        34: "bn", 35: "sk", 36: "lv", 37: "es", 38: "ca", 39: "hr", 40: "sr", 41: "bs", 42: "et", 43: "ta",
        44: "id", 45: "te", 46: "mk", 47: "sl", 48: "ml", 49: "kn", 50: "sq", 51: "af",
    },
    "sonarr": {
        **_SHARED_LANGUAGES, 26: "ar", 27: "hi", 28: "bg", 29: "ml", 30: "uk", 31: "sk", 32: "th", 33: "pt",
        34: "es", 35: "ro",
    },
}  # fmt: skip
LANGUAGES: Final[Mapping[str, tuple[str, ...]]] = {
    "": (), "Any": (), "Original": ("original",), "English": ("en",), "French": ("fr",), "German": ("de",),
    "Spanish": ("es",), "Italian": ("it",), "Japanese": ("ja",), "Chinese": ("zh",), "Korean": ("ko",),
    "Dutch": ("nl",), "Portuguese": ("pt",), "Russian": ("ru",), "Polish": ("pl",),
}  # fmt: skip
SAME_QUALITY: Final = {
    "Bluray-1080p Remux": "Remux-1080p",
    "Bluray-2160p Remux": "Remux-2160p",
    "WEBRip 480p": "WEBRip-480p",
    "WEBDL 480p": "WEBDL-480p",
}


def language_codes(name: str) -> tuple[str, ...]:
    """The languages of a profile; none for a name that is not known."""
    return LANGUAGES.get(name, ())


def condition(told: Mapping[str, Any], app: str | None) -> Condition:
    """One of their specifications; raises `LookupError` with the reason where there is no such thing here."""
    name = str(told.get("implementation"))
    reader = _READERS.get(name)
    if reader is None:
        raise LookupError(f"Sokoul does not know {name}")
    fields = _fields(told)
    return Condition(
        **reader(fields, app),
        name=str(told.get("name") or "")[:100],
        negate=told.get("negate") is True,
        required=told.get("required") is True,
    )


def _fields(told: Mapping[str, Any]) -> Mapping[str, Any]:
    """The guides write an object, the programs a list of names and values."""
    fields = told.get("fields")
    if isinstance(fields, list):
        return {str(each.get("name")): each.get("value") for each in fields if isinstance(each, dict)}
    return fields if isinstance(fields, dict) else {}


def _pattern(kind: Kind) -> Callable[[Mapping[str, Any], str | None], dict[str, Any]]:
    return lambda fields, _: {"kind": kind, "value": str(fields.get("value") or "")}


def _source(fields: Mapping[str, Any], app: str | None) -> dict[str, Any]:
    return {"kind": Kind.SOURCE, "value": _apart(_SOURCES, fields, app, "source")}


def _flag(fields: Mapping[str, Any], app: str | None) -> dict[str, Any]:
    return {"kind": Kind.FLAG, "value": _apart(_FLAGS, fields, app, "indexer flag")}


def _language(fields: Mapping[str, Any], app: str | None) -> dict[str, Any]:
    return {
        "kind": Kind.LANGUAGE,
        "value": _apart(_LANGUAGES, fields, app, "language"),
        "except_language": fields.get("exceptLanguage") is True,
    }


def _resolution(fields: Mapping[str, Any], app: str | None) -> dict[str, Any]:
    del app
    return {"kind": Kind.RESOLUTION, "value": str(_number(fields, "resolution"))}


def _modifier(fields: Mapping[str, Any], app: str | None) -> dict[str, Any]:
    del app
    return {"kind": Kind.MODIFIER, "value": _term(_MODIFIERS, _number(fields, "modifier"), "modifier")}


def _release_type(fields: Mapping[str, Any], app: str | None) -> dict[str, Any]:
    del app
    return {
        "kind": Kind.RELEASE_TYPE,
        "value": _term(_RELEASE_TYPES, _number(fields, "type"), "release type"),
    }


def _range(kind: Kind) -> Callable[[Mapping[str, Any], str | None], dict[str, Any]]:
    def read(fields: Mapping[str, Any], _: str | None) -> dict[str, Any]:
        told = {"least": fields.get("min"), "most": fields.get("max")}
        if any(
            isinstance(value, bool) or not isinstance(value, int | float | None) for value in told.values()
        ):
            raise LookupError("its limits are no numbers")
        return {"kind": kind, **told}

    return read


def _apart(
    tables: Mapping[str, Mapping[int, str]], fields: Mapping[str, Any], app: str | None, what: str
) -> str:
    """The word for a number that may mean another thing in the other program."""
    number = _number(fields, what)
    if app is not None:
        return _term(tables[app], number, what)
    meant = {table.get(number) for table in tables.values()}
    if len(meant) != 1:
        raise LookupError(f"{what} {number} differs between Radarr and Sonarr; say whose file it is")
    return _term(tables["radarr"], number, what)


def _term(table: Mapping[int, str], number: int, what: str) -> str:
    word = table.get(number)
    if word is None:
        raise LookupError(f"there is no {what} {number} here")
    return word


def _number(fields: Mapping[str, Any], what: str) -> int:
    value = fields.get("value")
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise LookupError(f"its {what} is no number")


_READERS: Final[Mapping[str, Callable[[Mapping[str, Any], str | None], dict[str, Any]]]] = {
    "ReleaseTitleSpecification": _pattern(Kind.TITLE),
    "ReleaseGroupSpecification": _pattern(Kind.GROUP),
    "EditionSpecification": _pattern(Kind.EDITION),
    "SourceSpecification": _source,
    "ResolutionSpecification": _resolution,
    "QualityModifierSpecification": _modifier,
    "LanguageSpecification": _language,
    "IndexerFlagSpecification": _flag,
    "ReleaseTypeSpecification": _release_type,
    "SizeSpecification": _range(Kind.SIZE),
    "YearSpecification": _range(Kind.YEAR),
}
