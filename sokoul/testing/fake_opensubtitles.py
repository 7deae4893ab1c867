"""An OpenSubtitles of the catalogue's films on loopback: `python -m sokoul.testing.fake_opensubtitles`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from sokoul.testing import catalogue
from sokoul.testing.catalogue import Title
from sokoul.testing.serving import FakeServer, document, run_by_hand

_LANGUAGES: Final = {"en": "English", "fr": "French"}


class FakeOpenSubtitles(FakeServer):
    """Answers `/subtitles` by IMDb's or TMDB's id and `/infos/languages`; every film has both languages."""

    def __init__(self, *, api_key: str = "fake-key", host: str = "127.0.0.1", port: int = 0) -> None:
        super().__init__(host=host, port=port)
        self.api_key = api_key

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/subtitles", self._subtitles), web.get("/infos/languages", self._languages)]

    async def _subtitles(self, request: web.Request) -> web.Response:
        if request.headers.get("Api-Key") != self.api_key:
            return document({"message": "You cannot consume this service"}, status=403)
        asked = request.query
        wanted = asked.get("languages", "en,fr").split(",")
        found = [title for title in catalogue.titles() if title.kind == "movie" and _is(title, asked)]
        entries = [_entry(title, code) for title in found for code in wanted if code in _LANGUAGES]
        return document(
            {"total_pages": 1, "total_count": len(entries), "per_page": 50, "page": 1, "data": entries}
        )

    async def _languages(self, _: web.Request) -> web.Response:
        known = [{"language_code": code, "language_name": name} for code, name in _LANGUAGES.items()]
        return document({"data": known})


def _is(title: Title, asked: Mapping[str, str]) -> bool:
    imdb = asked.get("imdb_id", "").removeprefix("tt").lstrip("0")
    if imdb:
        return (title.imdb_id or "").removeprefix("tt").lstrip("0") == imdb
    return str(title.tmdb_id) == asked.get("tmdb_id")


def _entry(title: Title, language: str) -> dict[str, Any]:
    number = title.tmdb_id * 10 + list(_LANGUAGES).index(language)
    name = f"{title.english.replace(' ', '.')}.{title.year}.1080p.BluRay.x264-OPEN"
    return {
        "id": str(number),
        "type": "subtitle",
        "attributes": {
            "subtitle_id": str(number),
            "language": language,
            "download_count": 1200,
            "hearing_impaired": False,
            "hd": True,
            "fps": 23.976,
            "from_trusted": True,
            "foreign_parts_only": False,
            "upload_date": "2026-01-01T00:00:00Z",
            "ai_translated": False,
            "machine_translated": False,
            "release": name,
            "feature_details": {
                "feature_id": title.tmdb_id,
                "feature_type": "Movie",
                "year": title.year,
                "title": title.english,
                "tmdb_id": title.tmdb_id,
            },
            "files": [{"file_id": number, "cd_number": 1, "file_name": f"{name}.srt"}],
        },
    }


if __name__ == "__main__":
    run_by_hand("Fake OpenSubtitles (key fake-key)", lambda port: FakeOpenSubtitles(port=port))
