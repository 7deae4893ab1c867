"""How the box is doing and how it is set."""

from __future__ import annotations

import json

from aiohttp import web

from sokoul import __version__
from sokoul.features.profiles.vocabulary import vocabulary
from sokoul.web.keys import PROFILES, TESTER
from sokoul.web.pages import integrations
from sokoul.web.pages.frame import render


async def settings(request: web.Request) -> web.Response:
    """What Sokoul is connected to, how that fares, and the forms to change it."""
    tester = request.app.get(TESTER)
    given = {
        "groups": integrations.GROUPS,
        "integrations": integrations.INTEGRATIONS,
        "indexer": integrations.INDEXER,
        "tests": tester.known if tester is not None else frozenset(),
    }
    return render(request, "settings.html", given)


async def all_settings(request: web.Request) -> web.Response:
    """Everything that is set, and from where."""
    return render(request, "settings_all.html")


async def profiles(request: web.Request) -> web.Response:
    """Quality profiles and what they would say."""
    book = request.app[PROFILES]
    given = {
        "vocabulary": json.dumps(vocabulary()),
        "missing_default": book.missing_default,
        "used_default": book.default,
    }
    return render(request, "profiles.html", given)


async def trust(request: web.Request) -> web.Response:
    """What names of releases promised and what was found, and who is believed how far."""
    return render(request, "trust.html")


async def system(request: web.Request) -> web.Response:
    """Health as sentences, then figures."""
    return render(request, "system.html", {"version": __version__})


async def logs(request: web.Request) -> web.Response:
    """What happens, as it happens."""
    return render(request, "logs.html")
