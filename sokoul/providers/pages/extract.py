"""Run one definition for one question: its search page, each result's page, offers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import aiohttp
from yarl import URL

from sokoul.domain.errors import ProviderUnavailable
from sokoul.domain.media import MediaType
from sokoul.domain.offer import Offer
from sokoul.domain.pages import BrowserMissing, PageFailed, Step, Visit, Visited, host_matches
from sokoul.features.search.ports import Query
from sokoul.providers.fetch import fetch
from sokoul.providers.pages import offers, reading, template, values, without
from sokoul.providers.pages.definition import Definition, PageStep, Stage
from sokoul.providers.pages.ports import Browser, Solver
from sokoul.providers.refusals import http_refusal

Trace = Callable[[str, str], None]
_AT_ONCE: Final = 3
_BIG: Final = 64 * 1024
_MOST_BYTES: Final = 16 * 1024 * 1024
_MOST_TEXTS: Final = 2
# Without these a site would be asked for everything it has.
_NEEDED: Final = frozenset({"title", "query"})


@dataclass(frozen=True, slots=True)
class Tools:
    """Ways to get a page; `solver` where one is configured."""

    http: aiohttp.ClientSession
    browser: Browser
    solver: Solver | None = None


class Extraction:
    """One run; `trace` hears what happens, in order."""

    def __init__(self, definition: Definition, tools: Tools, trace: Trace | None = None) -> None:
        self._definition, self._tools = definition, tools
        self._trace = trace or _unheard
        self._at_once = asyncio.Semaphore(_AT_ONCE)

    async def search(self, query: Query) -> list[Offer]:
        """All the source has for the question. Raises ProviderUnavailable where it could not be asked."""
        kind = "tv" if query.media_type is MediaType.EPISODE else query.media_type.value
        if kind not in self._definition.kinds:
            self._trace("skipped", f"it is not asked for {kind}")
            return []
        for text in query.texts[:_MOST_TEXTS]:
            if found := await self._ask(values.asked(query, text)):
                return found
        return []

    async def page(self, url: str) -> list[Offer]:
        """What one result's page (or the results' own page) holds."""
        stage = self._definition.detail or self._definition.search
        known = {"title": "", "query": ""}
        return self._offers(await self._stage(stage, known, url=url))

    async def _ask(self, asked: reading.Item) -> list[Offer]:
        found = await self._stage(self._definition.search, asked)
        detail = self._definition.detail
        if detail is None:
            return self._offers(found)
        answers = await asyncio.gather(
            *(self._detail(detail, each) for each in found), return_exceptions=True
        )
        failures = [one for one in answers if isinstance(one, BaseException)]
        for failure in failures:
            if not isinstance(failure, ProviderUnavailable) or len(failures) == len(answers):
                raise failure
        return self._offers([one for each in answers if not isinstance(each, BaseException) for one in each])

    async def _detail(self, detail: Stage, known: reading.Item) -> list[reading.Item]:
        async with self._at_once:
            try:
                return await self._stage(detail, known)
            except ProviderUnavailable as failure:
                self._trace("failed", str(failure))
                raise

    async def _stage(
        self, stage: Stage, known: reading.Item, *, url: str | None = None
    ) -> list[reading.Item]:
        """The items of one document or page, each with what was known before."""
        try:
            there = url or template.address(stage.url, known)
            parameters = [] if url else _parameters(stage, known)
            where = URL(there).extend_query(parameters)
        except template.Missing as missing:
            self._trace("skipped", f"{stage.url} needs {{{missing}}}, which is not known")
            return []
        except ValueError:
            self._trace("skipped", "an address that is none")
            return []
        if where.scheme not in {"http", "https"} or not self._is_ours(where):
            self._trace("refused", f"{where.host or 'an address'} is not among the definition's hosts")
            return []
        self._trace("goto", f"{stage.via} {_shown(where)}")
        found = await (
            self._browse(stage, str(where), known) if stage.via == "browser" else self._get(stage, where)
        )
        self._trace("read", f"{len(found)} of {_shown(where)}")
        return [{**known, **each, "page": str(where)} for each in found]

    async def _get(self, stage: Stage, where: URL) -> list[reading.Item]:
        definition = self._definition
        reply = await fetch(
            self._tools.http,
            definition.label,
            str(where),
            timeout=definition.limits.seconds,
            limit=_MOST_BYTES,
            may_follow=lambda _, there: there.is_absolute() and self._is_ours(there),
        )
        if reply.status >= 400:
            raise http_refusal(reply.status, definition.label)
        return await self._read(stage, reply.body, str(where))

    async def _read(self, stage: Stage, body: bytes, base: str) -> list[reading.Item]:
        if len(body) > _BIG:
            return await asyncio.to_thread(reading.items, stage, self._definition.label, body, base)
        return reading.items(stage, self._definition.label, body, base)

    async def _browse(self, stage: Stage, url: str, known: reading.Item) -> list[reading.Item]:
        try:
            visited = await self._tools.browser.visit(self._visit(stage, url, known))
        except BrowserMissing as missing:
            return await self._without_browser(stage, url, missing)
        except PageFailed as failure:
            self._told(failure.visited)
            raise
        self._told(visited)
        if stage.capture is None:
            return await self._read(stage, visited.html.encode(errors="replace"), visited.url)
        return [offers.captured_item(each) for each in visited.captured]

    def _visit(self, stage: Stage, url: str, known: reading.Item) -> Visit:
        definition = self._definition
        capture = stage.capture
        return Visit(
            source=definition.name,
            url=url,
            hosts=definition.hosts,
            steps=tuple(_step(each, known) for each in stage.steps),
            capture=capture.requests if capture else (),
            headers=capture.headers if capture else (),
            block=definition.block,
            most=capture.most if capture else 1,
            seconds=definition.limits.page_seconds,
        )

    async def _without_browser(self, stage: Stage, url: str, missing: BrowserMissing) -> list[reading.Item]:
        definition = self._definition
        self._trace("browser", f"{missing}")
        if definition.without_browser == "no":
            raise missing
        if definition.without_browser == "flaresolverr":
            if self._tools.solver is None:
                cure = f"{missing.cure}, or set `providers.flaresolverr.url`."
                raise BrowserMissing(str(missing), cure=cure) from missing
            html = await self._tools.solver.get(url, timeout=definition.limits.seconds)
        else:
            html = await without.page(self._tools.http, definition, url, self._is_ours)
        if stage.capture is None:
            return await self._read(stage, html.encode(errors="replace"), url)
        return without.captured(html, url, stage.capture)

    def _offers(self, found: Sequence[reading.Item]) -> list[Offer]:
        made: dict[str, Offer] = {}
        for item in found:
            offer = offers.offer(self._definition, item)
            if offer is None:
                self._trace("skipped", "an item without a usable address")
                continue
            if made.setdefault(offer.guid, offer) is offer:
                self._trace("offer", offers.told(offer))
        return list(made.values())

    def _told(self, visited: Visited) -> None:
        for event in visited.events:
            self._trace(event.kind, f"{event.text} ({event.after_seconds:.2f} s)")
        for host, why, count in visited.refused:
            self._trace("blocked", f"{host or 'an address without a host'}: {why} ({count}×)")

    def _is_ours(self, url: URL) -> bool:
        return host_matches(url.host or "", self._definition.hosts)


def _unheard(kind: str, text: str) -> None:
    """Nobody looks into this run."""


def _parameters(stage: Stage, known: reading.Item) -> list[tuple[str, str]]:
    """Those of which every placeholder has a value. Raises Missing without the words to look for."""
    filled = []
    for name, given in stage.parameters.items():
        for one in given if isinstance(given, tuple) else (given,):
            try:
                filled.append((name, template.fill(str(one), known)))
            except template.Missing as missing:
                if str(missing) in _NEEDED:
                    raise
    return filled


def _step(step: PageStep, known: reading.Item) -> Step:
    target = str(getattr(step, step.act.value))
    if step.goto is not None:
        target = template.address(step.goto, known)
    text = template.words(step.text, known) if step.text is not None else ""
    within = step.pause if step.pause is not None else step.within
    return Step(step.act, target, text, step.frames, within, step.optional)


def _shown(url: URL) -> str:
    """With its query only as far as it is short."""
    return str(url)[:300]
