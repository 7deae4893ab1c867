"""Web pages: the definitions that the household names, and the browser that they share."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AsyncExitStack

import structlog

from sokoul.app.sources.materials import Materials
from sokoul.config import providers
from sokoul.config.model import Config
from sokoul.engines.browser import program
from sokoul.engines.browser.lazy import LazyPool
from sokoul.features.health.service import Check, Degraded, Off
from sokoul.features.search.ports import Indexer
from sokoul.outbound import OutboundGuard
from sokoul.providers.clearance import FlareSolverr
from sokoul.providers.guarded import Guarded
from sokoul.providers.pages import loading
from sokoul.providers.pages.definition import Definition
from sokoul.providers.pages.extract import Tools
from sokoul.providers.pages.loading import Broken
from sokoul.providers.pages.source import BrokenSource, PageSource

log = structlog.get_logger(__name__)

_FAILURES, _REST = 2, 120.0
Settings = tuple[providers.Pages, tuple[str, ...], str | None]


def settings(config: Config) -> Settings:
    """What they depend on."""
    return config.providers.pages, config.http.outbound_allow, config.providers.flaresolverr.url


def build(given: Settings, using: Materials) -> Sequence[Indexer]:
    """One for each definition; without any, nothing of all this is even loaded."""
    pages = given[0]
    found = loading.load(pages.definitions) if pages.enabled else []
    if not found:
        return []
    tools, browser = tools_for(given, using.closing)
    using.checks["browser"] = _check(browser, [each for each in found if isinstance(each, Definition)])
    return [_source(each, tools, given, using) for each in found]


def tools_for(given: Settings, closing: AsyncExitStack) -> tuple[Tools, LazyPool]:
    """What gets pages; `closing` ends it.

    Its guard is its own: what pages name is never let to the household's indexers, as the common one does.
    """
    pages, allowed, solver_url = given
    guard = OutboundGuard(allowed)
    http = guard.session(timeout=60)
    closing.push_async_callback(http.close)
    browser = LazyPool(program.Settings(pages.contexts, pages.chromium), guard)
    closing.push_async_callback(browser.close)
    return Tools(http, browser, _solver(solver_url, closing)), browser


def _solver(url: str | None, closing: AsyncExitStack) -> FlareSolverr | None:
    if url is None:
        return None
    guard = OutboundGuard()
    guard.allow_url(url)
    http = guard.session(timeout=120)
    closing.push_async_callback(http.close)
    solver = FlareSolverr(url, http)
    closing.push_async_callback(solver.close)
    return solver


def _source(found: Definition | Broken, tools: Tools, given: Settings, using: Materials) -> Indexer:
    if isinstance(found, Broken):
        log.error("a page definition cannot be used", definition=found.name, problems=found.problems)
        return BrokenSource(found)
    # A site that does not answer is soon left alone, and for longer: pages change slowly.
    breaker = using.breaker(found.name, (given, found), failures=_FAILURES, rest=_REST)
    return Guarded(PageSource(found, tools), breaker)


def _check(browser: LazyPool, definitions: Sequence[Definition]) -> Check:
    asked = [each for each in definitions if each.uses_browser]

    async def check() -> None:
        if not asked:
            raise Off("No page definition in use needs a browser")
        if (problem := browser.problem()) is not None:
            off = ", ".join(each.name for each in asked if each.without_browser == "no")
            raise Degraded(f"{problem}. {problem.cure}" + (f" Off until then: {off}" if off else ""))

    return check
