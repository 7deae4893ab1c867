"""A TMDB of about 200 works on loopback: `python -m sokoul.testing.fake_tmdb --port 8101`."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from aiohttp import web

from sokoul.testing import catalogue, tmdb_extras, tmdb_finding
from sokoul.testing import tmdb_documents as documents
from sokoul.testing.catalogue import Title
from sokoul.testing.posters import picture
from sokoul.testing.serving import FakeServer, document, run_by_hand

_EXTRAS: Final[dict[str, Callable[..., dict[str, Any]]]] = {
    "alternative_titles": tmdb_extras.alternative_titles,
    "translations": tmdb_extras.translations,
    "external_ids": tmdb_extras.external_ids,
    "credits": tmdb_extras.credits_of,
    "keywords": tmdb_extras.keywords,
    "videos": tmdb_extras.videos,
    "watch/providers": tmdb_extras.watch_providers,
}
_IMAGE: Final = re.compile(r"(movie|tv|person|company)-(\d+)-(\w+)\.png")
_SHAPES: Final = {"poster": 1.5, "backdrop": 0.5625, "profile": 1.5, "logo": 0.5}


class FakeTmdb(FakeServer):
    """Answers like TMDB v3 to the key `api_key` (any key when None), pictures under `/t/p/`."""

    def __init__(self, *, api_key: str | None = None, host: str = "127.0.0.1", port: int = 0) -> None:
        super().__init__(host=host, port=port)
        self.api_key = api_key

    @property
    def base_url(self) -> str:
        """What `providers.tmdb.base_url` takes."""
        return f"{self.url}/3"

    @property
    def image_base_url(self) -> str:
        """What `providers.tmdb.image_base_url` takes."""
        return f"{self.url}/t/p/"

    def routes(self) -> list[web.RouteDef]:
        kind, number = "/3/{kind:movie|tv}", "/{id:[0-9]+}"
        return [
            web.get("/3/configuration", self._keyed(self._configuration)),
            web.get("/3/search/{kind:movie|tv|multi}", self._keyed(self._search)),
            web.get("/3/search/person", self._keyed(self._people)),
            web.get("/3/search/keyword", self._keyed(self._keywords)),
            web.get("/3/trending/{kind:all|movie|tv}/{window:day|week}", self._keyed(self._trending)),
            web.get("/3/discover/{kind:movie|tv}", self._keyed(self._discover)),
            web.get(f"{kind}/popular", self._keyed(self._discover)),
            web.get("/3/genre/{kind:movie|tv}/list", self._keyed(self._genres)),
            web.get("/3/find/{external}", self._keyed(self._find)),
            web.get(f"{kind}{number}", self._keyed(self._details)),
            web.get(f"{kind}{number}/{{extra:similar|recommendations}}", self._keyed(self._similar)),
            web.get(f"{kind}{number}/{{extra:[a-z_]+|watch/providers}}", self._keyed(self._extra)),
            web.get(f"/3/tv{number}/season/{{season:[0-9]+}}", self._keyed(self._season)),
            web.get(
                f"/3/tv{number}/season/{{season:[0-9]+}}/episode/{{episode:[0-9]+}}",
                self._keyed(self._episode),
            ),
            web.get(f"/3/person{number}", self._keyed(self._person)),
            web.get(f"/3/person{number}/combined_credits", self._keyed(self._person_credits)),
            web.get("/t/p/{size}/{name}", self._image),
        ]

    def _keyed(self, answer: Callable[[web.Request], web.Response]) -> Callable[[web.Request], Any]:
        async def checked(request: web.Request) -> web.Response:
            bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
            given = request.query.get("api_key") or bearer
            if not given or (self.api_key is not None and given != self.api_key):
                return _refusal(401, 7, "Invalid API key: You must be granted a valid key.")
            return answer(request)

        return checked

    def _configuration(self, _: web.Request) -> web.Response:
        sizes = {
            "backdrop_sizes": ["w300", "w780", "w1280", "original"],
            "logo_sizes": ["w45", "original"],
            "poster_sizes": ["w92", "w154", "w342", "w500", "original"],
            "profile_sizes": ["w45", "w185", "original"],
            "still_sizes": ["w92", "w300", "original"],
        }
        base = self.image_base_url
        images = {"base_url": base, "secure_base_url": base, **sizes}
        return document({"images": images, "change_keys": ["adult"]})

    def _search(self, request: web.Request) -> web.Response:
        kind = request.match_info["kind"]
        year = next((request.query[n] for n in _YEARS if request.query.get(n)), None)
        found = catalogue.search(
            request.query.get("query", ""),
            None if kind == "multi" else kind,
            int(year) if year and year.isdigit() else None,
        )
        return document(documents.page(found, _page(request), _language(request), with_type=kind == "multi"))

    def _people(self, request: web.Request) -> web.Response:
        return document(tmdb_finding.people(request.query.get("query", ""), _language(request)))

    def _keywords(self, request: web.Request) -> web.Response:
        return document(tmdb_finding.keywords(request.query.get("query", "")))

    def _trending(self, request: web.Request) -> web.Response:
        kind = request.match_info["kind"]
        chosen = [t for t in catalogue.titles() if kind in {"all", t.kind}]
        random.Random(request.match_info["window"]).shuffle(chosen)
        chosen.sort(key=lambda t: t.kind == "movie" and t.tmdb_id in catalogue.OWN, reverse=True)
        return document(documents.page(chosen, _page(request), _language(request), with_type=True))

    def _discover(self, request: web.Request) -> web.Response:
        chosen = tmdb_finding.discovered(request.match_info["kind"], request.query)
        return document(documents.page(_sorted(chosen, request), _page(request), _language(request)))

    def _genres(self, _: web.Request) -> web.Response:
        return document(documents.genre_list())

    def _find(self, request: web.Request) -> web.Response:
        wanted, language = request.match_info["external"], _language(request)
        found = [t for t in catalogue.titles() if t.imdb_id == wanted or str(t.tvdb_id) == wanted]
        kinds = ("movie", "person", "tv", "tv_episode", "tv_season")
        told: dict[str, list[Any]] = {f"{kind}_results": [] for kind in kinds}
        for title in found:
            told[f"{title.kind}_results"].append(documents.entry(title, language, with_type=True))
        return document(told)

    def _details(self, request: web.Request) -> web.Response:
        title = _title(request)
        make = documents.movie if title.kind == "movie" else documents.series
        told = make(title, _language(request))
        for extra in request.query.get("append_to_response", "").split(","):
            if extra in _EXTRAS:
                told[extra] = _EXTRAS[extra](title, appended=True)
        return document(told)

    def _similar(self, request: web.Request) -> web.Response:
        title = _title(request)
        same_kind = (t for t in catalogue.titles() if t.kind == title.kind and t is not title)
        alike = [t for t in same_kind if t.genres[0] == title.genres[0]]
        return document(documents.page(alike, _page(request), _language(request)))

    def _extra(self, request: web.Request) -> web.Response:
        make = _EXTRAS.get(request.match_info["extra"])
        if make is None:
            raise _missing()
        return document(make(_title(request)))

    def _season(self, request: web.Request) -> web.Response:
        title, number = _title(request, "tv"), int(request.match_info["season"])
        if not 1 <= number <= len(title.seasons):
            raise _missing()
        return document(documents.season(title, number))

    def _episode(self, request: web.Request) -> web.Response:
        title, number = _title(request, "tv"), int(request.match_info["season"])
        episode = int(request.match_info["episode"])
        if not (1 <= number <= len(title.seasons) and 1 <= episode <= title.seasons[number - 1]):
            raise _missing()
        return document(documents.episode(title, number, episode))

    def _person(self, request: web.Request) -> web.Response:
        told = tmdb_extras.person(_person_id(request))
        if "combined_credits" in request.query.get("append_to_response", ""):
            told["combined_credits"] = tmdb_extras.combined_credits(_person_id(request), _language(request))
            del told["combined_credits"]["id"]
        return document(told)

    def _person_credits(self, request: web.Request) -> web.Response:
        return document(tmdb_extras.combined_credits(_person_id(request), _language(request)))

    async def _image(self, request: web.Request) -> web.Response:
        match = _IMAGE.fullmatch(request.match_info["name"])
        if match is None or match[3] not in _SHAPES:
            raise _missing()
        size = request.match_info["size"]
        width = int(size[1:]) if re.fullmatch(r"w\d{2,4}", size) else 780
        title = catalogue.find(match[1], int(match[2]))
        text = title.english if title and match[3] == "poster" else ""
        height = int(width * _SHAPES[match[3]])
        body = await asyncio.to_thread(picture, text, int(match[2]), width, height)
        return web.Response(body=body, content_type="image/png", headers={"Cache-Control": "max-age=3600"})


_YEARS: Final = ("primary_release_year", "first_air_date_year", "year")


def _title(request: web.Request, kind: str | None = None) -> Title:
    found = catalogue.find(kind or request.match_info["kind"], int(request.match_info["id"]))
    if found is None:
        raise _missing()
    return found


def _person_id(request: web.Request) -> int:
    number = int(request.match_info["id"])
    if number not in documents.people():
        raise _missing()
    return number


def _sorted(titles: Sequence[Title], request: web.Request) -> list[Title]:
    field, _, direction = request.query.get("sort_by", "popularity.desc").partition(".")
    keys: dict[str, Callable[[Title], Any]] = {
        "vote_average": documents.rating,
        "primary_release_date": lambda t: t.date,
        "first_air_date": lambda t: t.date,
    }
    return sorted(titles, key=keys.get(field, lambda t: t.popularity), reverse=direction != "asc")


def _language(request: web.Request) -> str:
    return request.query.get("language", "en-US")


def _page(request: web.Request) -> int:
    given = request.query.get("page", "1")
    return min(500, max(1, int(given))) if given.isdigit() else 1


def _refusal(status: int, code: int, message: str) -> web.Response:
    return document({"success": False, "status_code": code, "status_message": message}, status=status)


def _missing() -> web.HTTPNotFound:
    return web.HTTPNotFound(
        text='{"success": false, "status_code": 34, "status_message": "The resource could not be found."}',
        content_type="application/json",
    )


if __name__ == "__main__":
    run_by_hand("Fake TMDB", lambda port: FakeTmdb(port=port))
