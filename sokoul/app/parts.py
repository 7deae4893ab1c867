"""The features of this process, built once and shared by its roles."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass

from sokoul.app import downloading, library, searching
from sokoul.app.foundation import Foundation
from sokoul.features.health.service import Check
from sokoul.features.search.service import SearchService
from sokoul.providers.metadata.tmdb import Tmdb


@dataclass(frozen=True)
class Parts:
    """What roles are made of; `checks` are questions about them for /health/deep."""

    search: SearchService
    library: library.Library
    downloads: downloading.Downloading
    tmdb: Tmdb | None
    checks: dict[str, Check]


async def build(base: Foundation, stack: AsyncExitStack) -> Parts:
    """Build them; nothing runs yet."""
    best = searching.tmdb(base)
    knowledge = searching.metadata(base, best)
    asked = searching.sources(base, knowledge)
    downloads = await downloading.build(base)
    return Parts(
        search=searching.service(base, asked),
        library=library.build(base, knowledge, stack),
        downloads=downloads,
        tmdb=best,
        checks=downloading.checks(base, downloads) | searching.checks(asked, best),
    )
