"""The features of this process, built once and shared by its roles."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass

from sokoul.app import debrid, downloading, library, meaning, profiles, searching
from sokoul.app.foundation import Foundation, strangers
from sokoul.app.links import Links, Playlists
from sokoul.app.model import LanguageModel
from sokoul.app.sources.assembly import Assembly
from sokoul.engines.torrent.fetch import GuardedFetcher
from sokoul.features.health.service import Check
from sokoul.features.profiles.service import ProfileService
from sokoul.features.providers.recording import Recorder
from sokoul.features.providers.service import ProviderService
from sokoul.features.search.service import SearchService
from sokoul.store.providers import ProviderHistory


@dataclass(frozen=True)
class Parts:
    """What roles are made of; `checks` are questions about them for /health/deep."""

    search: SearchService
    profiles: ProfileService
    library: library.Library
    downloads: downloading.Downloading
    debrid: debrid.Debrid
    sources: Assembly
    providers: ProviderService
    model: LanguageModel
    meaning: meaning.Meaning
    checks: Callable[[], Mapping[str, Check]]


async def build(base: Foundation, stack: AsyncExitStack) -> Parts:
    """Build them; nothing runs yet."""
    recorder = Recorder(history := ProviderHistory(base.database))
    stack.push_async_callback(recorder.flush)
    base.tasks.supervise("provider history", recorder.run)
    assembly = Assembly(base, observe=recorder.note)
    assembly.use(base.config)
    stack.push_async_callback(assembly.close)
    assembly.sources.links = Links(GuardedFetcher(base.guard, base.http))
    assembly.sources.playlists = Playlists(strangers(base, stack))
    book = await profiles.build(base)
    model = LanguageModel(base, assembly)
    stack.push_async_callback(model.close)
    await model.use(base.config)
    held = await debrid.build(base, assembly, stack)
    downloads = await downloading.build(base, held.service, book.ceiling_of, stack)
    engine = downloading.checks(base, downloads)
    about = meaning.build(base, assembly.knowledge, model, stack)
    return Parts(
        search=searching.service(base, assembly.sources, book, held.service),
        profiles=book,
        library=library.build(base, assembly.knowledge, stack),
        downloads=downloads,
        debrid=held,
        sources=assembly,
        providers=ProviderService(history, assembly, base.bus),
        model=model,
        meaning=about,
        checks=lambda: {**engine, "llm": model.check, "embeddings": about.check, **assembly.checks()},
    )
