"""The role `api`: pages, REST, live events, bytes; and the media server, which shares its addresses."""

from __future__ import annotations

import socket
from contextlib import AsyncExitStack

from aiohttp import web

from sokoul.app import accounts, applying, elsewhere, health, pages, site, television, trying
from sokoul.app.foundation import Foundation, strangers
from sokoul.app.parts import Parts
from sokoul.config.model import Config
from sokoul.features.playback.service import PlaybackService
from sokoul.store.buckets import RedisBuckets
from sokoul.store.claims import ClaimStore
from sokoul.store.outbox import DeadLetters
from sokoul.store.playable import PlayableFiles
from sokoul.store.tasks import TaskStore
from sokoul.web import keys
from sokoul.web.app import WebParts, build
from sokoul.web.csrf import csrf_token
from sokoul.web.pages import setup_pages
from sokoul.web.proxying import StreamProxy
from sokoul.web.signing import KeyRing, Signer


async def start(base: Foundation, parts: Parts, stack: AsyncExitStack) -> int:
    """Serve HTTP; returns the port."""
    config = base.config
    ring = KeyRing.load(config.state_dir / "keys")
    people = accounts.service(base, ring, stack)
    # A private Redis serves this process alone: then counting here is the same, and quicker.
    buckets = RedisBuckets(base.cache.redis) if config.services.redis is not None else None
    app = build(
        WebParts(config, ring, people, health.service(base, parts.checks), buckets, socket.gethostname())
    )
    _furnish(app, base, parts)
    applying.site(base, app[keys.LIMITS], app[keys.HUB])
    app[keys.PROXY] = StreamProxy(strangers(base, stack))
    app[keys.PLAYBACK] = _playback(base, parts, app[keys.SIGNER], stack)
    setup_pages(app, csrf_token=csrf_token, demo=base.demo)
    await base.bus.on_live(app[keys.HUB].publish)
    await accounts.offer_setup(people)
    server = None
    if base.has("dlna") and config.dlna.enabled:
        server = await television.build(base, parts.library, stack)
        app[keys.TELEVISION] = server
    port, *more = await site.listen(app, config.http.host, _ports(config), stack)
    if server is not None:
        stack.push_async_callback(server.close)
        await server.start(more[0] if more else port)
    return port


def _playback(base: Foundation, parts: Parts, signer: Signer, stack: AsyncExitStack) -> PlaybackService:
    service = PlaybackService(
        files=PlayableFiles(base.database),
        downloads=parts.downloads.playable,
        reader=parts.library.reader,
        signer=signer,
    )
    stack.push_async_callback(service.close)
    return service


def _ports(config: Config) -> list[int]:
    """The site's own, and the one that televisions are sent to where that is another."""
    wanted = [config.http.port]
    if config.dlna.enabled and config.dlna.port not in {0, config.http.port}:
        wanted.append(config.dlna.port)
    return wanted


def _furnish(app: web.Application, base: Foundation, parts: Parts) -> None:
    """Put the services where handlers find them."""
    app[keys.CONFIG] = lambda: base.settings.current
    app[keys.SETTINGS], app[keys.CACHE], app[keys.TASKS] = base.settings, base.cache, base.tasks
    app[keys.CLAIMS] = ClaimStore(base.database)
    app[keys.DEAD_LETTERS], app[keys.TASK_LIST] = DeadLetters(base.database), TaskStore(base.database)
    app[keys.PROFILES] = parts.profiles
    app[keys.SEARCH], app[keys.LIBRARY] = parts.search, parts.library.service
    app[keys.DOWNLOADS], app[keys.DEBRID] = parts.downloads.service, parts.debrid.service
    ceiling_of = parts.profiles.ceiling_of
    app[keys.ELSEWHERE] = elsewhere.build(base, parts.debrid.service, parts.sources.sources, ceiling_of)
    app[keys.SEMANTIC], app[keys.SUGGESTIONS] = parts.meaning.semantic, parts.meaning.suggestions
    app[keys.SUMMARIES] = parts.meaning.summaries
    app[keys.PICTURES] = parts.library.pictures
    app[keys.TESTER] = trying.tester(
        lambda: base.settings.current,
        {"oracle": parts.model.test, "pages": pages.trial(lambda: base.settings.current)},
    )
    app[keys.PROVIDERS] = parts.providers
    app[keys.METADATA] = parts.sources.catalogue
