"""The web application, built from the table of routes; whoever builds it adds the services to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from sokoul.config.model import Config
from sokoul.features.accounts.service import AccountService
from sokoul.features.health.service import HealthService
from sokoul.web import keys
from sokoul.web.access import Route
from sokoul.web.answering import Answering
from sokoul.web.body import LARGEST
from sokoul.web.csrf import CSRF, Csrf
from sokoul.web.front import FRONT, Front
from sokoul.web.guard import Guard
from sokoul.web.limits import Buckets, Limits
from sokoul.web.live import Hub
from sokoul.web.openapi import DOCUMENT, document
from sokoul.web.routes import ROUTES
from sokoul.web.signing import KeyRing, Signer
from sokoul.web.tickets import Tickets


@dataclass(frozen=True, slots=True)
class WebParts:
    """What the web core itself stands on; `buckets` None counts limits in this process alone."""

    config: Config
    keys: KeyRing
    accounts: AccountService
    health: HealthService
    buckets: Buckets | None = None
    hostname: str | None = None


def build(parts: WebParts, routes: Sequence[Route] = ROUTES) -> web.Application:
    """The application without the services of features: put them under the keys of `web.keys`."""
    config = parts.config
    front = Front(config.http, parts.hostname)
    signer = Signer(parts.keys)
    tickets = Tickets(parts.keys)
    csrf = Csrf(parts.keys, front)
    limits = Limits(config.limits, parts.buckets)
    token = config.metrics.token.get_secret_value() if config.metrics.token else None
    guard = Guard(
        accounts=parts.accounts,
        front=front,
        csrf=csrf,
        limits=limits,
        signer=signer,
        tickets=tickets,
        metrics_token=token,
    )
    table: dict[web.AbstractRoute, Route] = {}
    answering = Answering(table, front, guard)
    app = web.Application(middlewares=[web.middleware(answering)], client_max_size=LARGEST)
    app.on_response_prepare.append(answering.decorate)
    hub = Hub(parts.accounts, front, most_per_ip=config.limits.websockets_per_ip)
    app.on_shutdown.append(hub.close)
    app[keys.CONFIG] = lambda: config
    app[keys.ACCOUNTS], app[keys.HEALTH] = parts.accounts, parts.health
    app[keys.SIGNER], app[keys.LIMITS], app[keys.HUB] = signer, limits, hub
    app[keys.TICKETS] = tickets
    app[FRONT], app[CSRF], app[DOCUMENT] = front, csrf, document(routes)
    for route in routes:
        _add(app, route, table)
    return app


def _add(app: web.Application, route: Route, table: dict[web.AbstractRoute, Route]) -> None:
    methods = ("GET", "HEAD") if route.method == "GET" else (route.method,)
    for method in methods:
        table[app.router.add_route(method, route.path, route.handler)] = route
