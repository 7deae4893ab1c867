"""The role `api`: pages, REST, live events, bytes."""

from __future__ import annotations

import socket
from contextlib import AsyncExitStack

from sokoul import notify
from sokoul.app import accounts, health, searching, site
from sokoul.app.foundation import Foundation
from sokoul.store.buckets import RedisBuckets
from sokoul.store.outbox import DeadLetters
from sokoul.store.tasks import TaskStore
from sokoul.web import keys
from sokoul.web.app import WebParts, build
from sokoul.web.csrf import csrf_token
from sokoul.web.pages import setup_pages
from sokoul.web.signing import KeyRing


async def start(base: Foundation, stack: AsyncExitStack) -> str:
    """Serve HTTP; returns the address to tell people."""
    config = base.config
    ring = KeyRing.load(config.state_dir / "keys")
    people = accounts.service(base, ring, stack)
    # A private Redis serves this process alone and runs no scripts: counting here is the same, and quicker.
    buckets = RedisBuckets(base.cache.redis) if config.services.redis is not None else None
    parts = WebParts(config, ring, people, health.service(base, {}), buckets, socket.gethostname())
    app = build(parts)
    best = searching.tmdb(base)
    asked = searching.sources(base, searching.metadata(base, best))
    app[keys.LOCKED], app[keys.CACHE], app[keys.TASKS] = base.locked, base.cache, base.tasks
    app[keys.DEAD_LETTERS], app[keys.TASK_LIST] = DeadLetters(base.database), TaskStore(base.database)
    app[keys.SEARCH] = searching.service(base, asked)
    setup_pages(app, csrf_token=csrf_token, demo=base.demo, search_timeout=config.search.timeout)
    await base.bus.on_live(app[keys.HUB].publish)
    await accounts.offer_setup(people)
    port = await site.listen(app, config.http, stack)
    return notify.address(config.http.host, port, config.http.public_url)
