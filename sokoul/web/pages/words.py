"""The words of the pages, from the catalogues in `web/locales`."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

DEFAULT = "en"
_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All words of one language; `digest` changes with any of them."""

    language: str
    name: str
    words: Mapping[str, str]
    raw: bytes
    digest: str

    def say(self, key: str, /, **params: object) -> str:
        """The words for `key` with {name} filled in; the key itself where there are none."""
        text = self.words.get(key, key)
        return _PLACE.sub(lambda place: str(params.get(place[1], place[0])), text) if params else text

    def count(self, key: str, number: int, /, **params: object) -> str:
        """Singular or plural words; in French 0 is singular too."""
        single = number < 2 if self.language == "fr" else number == 1
        return self.say(f"{key}_{'one' if single else 'other'}", count=number, **params)


def load(folder: Path) -> dict[str, Catalogue]:
    """Every catalogue of `folder` by language; `language.self` names each in its own words."""
    return {path.stem: _read(path) for path in sorted(folder.glob("*.json"))}


def _read(path: Path) -> Catalogue:
    words: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    raw = json.dumps(words, ensure_ascii=False, separators=(",", ":")).encode()
    return Catalogue(path.stem, words["language.self"], words, raw, hashlib.sha256(raw).hexdigest()[:12])


def choose(cookie: str | None, accepted: str, known: Mapping[str, Catalogue]) -> Catalogue:
    """The language somebody chose, else the browser's first that is known, else English."""
    if cookie is not None and cookie in known:
        return known[cookie]
    for entry in _wishes(accepted[:200]):
        if entry in known:
            return known[entry]
    return known[DEFAULT]


def _wishes(accepted: str) -> list[str]:
    wishes = []
    for part in accepted.split(","):
        tag, _, weight = part.partition(";")
        try:
            quality = float(weight.partition("=")[2] or 1)
        except ValueError:
            quality = 0.0
        if quality > 0:
            wishes.append((quality, tag.strip().lower().partition("-")[0]))
    return [tag for _, tag in sorted(wishes, key=lambda wish: -wish[0])]
