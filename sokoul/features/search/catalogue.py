"""The catalogue of works as clients browse it: TMDB's documents, with addresses of pictures served here."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from sokoul.domain.errors import NotFound, ProviderUnavailable
from sokoul.features.search.document import encoded
from sokoul.features.search.ports import Answers

# Each picture field with the size that pages show it in.
_PICTURES: Final[Mapping[str, str]] = {
    "poster_path": "w342",
    "backdrop_path": "w1280",
    "profile_path": "w185",
    "still_path": "w300",
    "logo_path": "w92",
}
_IMAGE: Final = re.compile(r"/[A-Za-z0-9_-]{1,80}\.(?:jpg|jpeg|png|webp)")
_DEEPEST: Final = 12


class Catalogue:
    """TMDB behind `/api/v1/tmdb`; without a key it says how to get one."""

    def __init__(self, source: Answers | None) -> None:
        self._source = source

    def use(self, source: Answers | None) -> None:
        """Another source from now on (the key was changed)."""
        self._source = source

    async def fetch(self, path: str, params: Mapping[str, str]) -> bytes:
        """The document at TMDB's `path`; raises NotFound and ProviderUnavailable."""
        if self._source is None:
            raise ProviderUnavailable(
                "There is no TMDB key yet: get a free one at themoviedb.org (Settings, API) and enter it "
                "under Settings, or as providers.tmdb.api_key",
                cure="Enter a TMDB key.",
            )
        told = json.loads(await self._source.raw(path, params))
        if not isinstance(told, dict):
            raise NotFound("There is no such document")
        _add_pictures(told, 0)
        return encoded(told)


def _add_pictures(told: Any, depth: int) -> None:
    """Beside each `…_path` an `…_url` of a picture that Sokoul serves itself."""
    if depth > _DEEPEST:
        return
    if isinstance(told, list):
        for each in told:
            _add_pictures(each, depth + 1)
    elif isinstance(told, dict):
        for name, size in _PICTURES.items():
            if name in told:
                path = told[name]
                known = isinstance(path, str) and _IMAGE.fullmatch(path) is not None
                told[name.replace("_path", "_url")] = f"/api/v1/tmdb/image/{size}{path}" if known else None
        for each in list(told.values()):
            if isinstance(each, dict | list):
                _add_pictures(each, depth + 1)
