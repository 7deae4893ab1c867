"""Past a browser check: FlareSolverr solves it once, its cookies and its browser's name open the door."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import aiohttp
import structlog
from yarl import URL

from sokoul.domain.errors import ProviderUnavailable
from sokoul.lifecycle import Tasks
from sokoul.providers.fetch import MIB, Parameters, Reply, fetch
from sokoul.providers.text import quoted

log = structlog.get_logger(__name__)

NAME: Final = "FlareSolverr"
_GUARDED: Final = frozenset({403, 429, 503})
_MARKS: Final = re.compile(
    rb"<title>(?:just a moment|attention required|ddos-guard|checking your browser)|cf-chl-"
    rb"|challenge-platform|/\.well-known/ddos-guard/",
    re.IGNORECASE,
)
_COOKIE_NAME: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,256}")
_COOKIE_VALUE: Final = re.compile(r"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]{0,4096}")
_AGENT: Final = re.compile(r"[\x20-\x7e]{1,512}")
_MOST_COOKIES: Final = 50
_KEPT: Final = 3600.0
_GRACE: Final = 5.0  # seconds that it may take to say that it gave up
_CURE: Final = "Run FlareSolverr and enter its address under Settings, or as providers.flaresolverr.url."


@dataclass(frozen=True, slots=True)
class Clearance:
    """The headers that a check let through, and until when (monotonic seconds) they are worth a try."""

    headers: Mapping[str, str]
    until: float


class FlareSolverr:
    """Asks a FlareSolverr server; an answer that comes after a search has given up serves the next one."""

    def __init__(self, url: str, http: aiohttp.ClientSession, *, patience: float = 60.0) -> None:
        self._url, self._http, self._patience = URL(url), http, patience
        self._tasks = Tasks("clearance")
        self._known: dict[str, Clearance] = {}
        self._asked: dict[str, asyncio.Task[Clearance]] = {}

    async def close(self) -> None:
        """End what is being solved."""
        await self._tasks.close()

    def known(self, url: str) -> Clearance | None:
        """What opened this door the last time."""
        found = self._known.get(_door(url))
        return found if found is not None and found.until > time.monotonic() else None

    async def solve(self, url: str) -> Clearance:
        """Pass the check at `url` (its parameters, which may hold a key, stay here), once for all who wait.

        Raises ProviderUnavailable.
        """
        door = _door(url)
        task = self._asked.get(door)
        if task is None:
            task = self._asked[door] = self._tasks.spawn(door, self._solve(door, URL(url)))
            task.add_done_callback(lambda _: self._asked.pop(door, None))
        return await asyncio.shield(task)

    async def get(self, url: str, *, timeout: float) -> str:
        """The page at `url` as a browser shows it, within `timeout` seconds; raises ProviderUnavailable."""
        solution = await self._solution(url, timeout)
        html = solution.get("response")
        return html if isinstance(html, str) else ""

    async def check(self) -> str:
        """Ask for something small; a sentence on success."""
        told = await self._ask({"cmd": "sessions.list"}, self._patience)
        version = told.get("version")
        return f"FlareSolverr answers (version {quoted(str(version or 'unknown'), 20)})."

    async def _solve(self, door: str, url: URL) -> Clearance:
        bare = str(url.with_query(None).with_fragment(None))
        solution = await self._solution(bare, self._patience)
        found = Clearance(_headers(solution, url.host or ""), time.monotonic() + _KEPT)
        self._known[door] = found
        log.info("browser check passed", host=url.host, cookies="Cookie" in found.headers)
        return found

    async def _solution(self, url: str, patience: float) -> Mapping[str, Any]:
        asked = {"cmd": "request.get", "url": url, "maxTimeout": round(patience * 1000)}
        told = await self._ask(asked, patience)
        solution = told.get("solution")
        if not isinstance(solution, dict):
            raise ProviderUnavailable("FlareSolverr gave no solution", cure="Look into its log.")
        return solution

    async def _ask(self, command: Mapping[str, Any], patience: float) -> Mapping[str, Any]:
        address = self._url if self._url.path.rstrip("/").endswith("/v1") else self._url / "v1"
        reply = await fetch(
            self._http,
            NAME,
            str(address),
            method="POST",
            json=dict(command),
            timeout=patience + _GRACE,
            limit=16 * MIB,
        )
        return _understood(reply)


class Door:
    """The way to one source: as `fetch`, past a browser check where there is one and somebody solves it."""

    def __init__(self, http: aiohttp.ClientSession, solver: FlareSolverr | None = None) -> None:
        self._http, self._solver = http, solver

    async def fetch(
        self,
        source: str,
        url: str,
        *,
        parameters: Parameters = (),
        headers: Mapping[str, str] | None = None,
        timeout: float = 30.0,
    ) -> Reply:
        """GET `url`. Raises ProviderUnavailable."""

        async def ask(more: Mapping[str, str]) -> Reply:
            sent = {**(headers or {}), **more}
            return await fetch(self._http, source, url, parameters=parameters, headers=sent, timeout=timeout)

        known = self._solver.known(url) if self._solver is not None else None
        reply = await ask(known.headers if known is not None else {})
        if not is_check(reply):
            return reply
        if self._solver is None:
            raise ProviderUnavailable(f"{source} is behind a browser check", cure=_CURE)
        reply = await ask((await self._solver.solve(url)).headers)
        if is_check(reply):
            raise ProviderUnavailable(
                f"{source} is behind a browser check that FlareSolverr could not pass",
                cure="Both must reach it from the same address: run FlareSolverr on the same network.",
            )
        return reply


def is_check(reply: Reply) -> bool:
    """Whether this is the page of a browser check and not the source's own answer."""
    if reply.status not in _GUARDED:
        return False
    told = reply.headers.get("cf-mitigated", "").lower() == "challenge"
    return told or bool(_MARKS.search(reply.body[:65536]))


def _door(url: str) -> str:
    return str(URL(url).origin())


def _understood(reply: Reply) -> Mapping[str, Any]:
    try:
        told = json.loads(reply.body)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict) or "status" not in told:
        raise ProviderUnavailable(
            f"FlareSolverr did not answer like one (HTTP {reply.status})",
            cure="Check that providers.flaresolverr.url is its address (port 8191).",
        )
    if told["status"] != "ok":
        words = quoted(str(told.get("message") or "no reason given"))
        raise ProviderUnavailable(f"FlareSolverr could not pass: {words}", cure="Look into its log.")
    return told


def _headers(solution: Mapping[str, Any], host: str) -> dict[str, str]:
    """Cookies of this host and the name of the browser they were given to; nothing else goes along."""
    listed = solution.get("cookies")
    pairs = [pair for each in (listed if isinstance(listed, list) else []) if (pair := _cookie(each, host))]
    agent = solution.get("userAgent")
    headers = {"Cookie": "; ".join(pairs[:_MOST_COOKIES])} if pairs else {}
    if isinstance(agent, str) and _AGENT.fullmatch(agent):
        headers["User-Agent"] = agent
    return headers


def _cookie(told: object, host: str) -> str | None:
    if not isinstance(told, dict):
        return None
    name, value, domain = (told.get(key) for key in ("name", "value", "domain"))
    if not (isinstance(name, str) and isinstance(value, str) and isinstance(domain, str)):
        return None
    owner = domain.lower().lstrip(".")
    belongs = host.lower() == owner or (bool(owner) and host.lower().endswith(f".{owner}"))
    if not belongs or not _COOKIE_NAME.fullmatch(name) or not _COOKIE_VALUE.fullmatch(value):
        return None
    return f"{name}={value}"
