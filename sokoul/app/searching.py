"""The parts of searching: sources from the configuration, the service, the scout that runs the jobs."""

from __future__ import annotations

from sokoul.app.foundation import Foundation, allow
from sokoul.config.model import Config, Profile
from sokoul.domain.quality import QualityProfile
from sokoul.features.health.service import Check, Degraded
from sokoul.features.search.running import Times
from sokoul.features.search.service import Profiles, SearchService
from sokoul.features.search.sources import Sources
from sokoul.providers.breaker import CircuitBreaker
from sokoul.providers.guarded import Guarded
from sokoul.providers.metadata.sources import MetadataSources
from sokoul.providers.metadata.tmdb import Tmdb, TmdbConfig
from sokoul.providers.metadata.tvmaze import Tvmaze, TvmazeConfig
from sokoul.providers.registry import build_indexer
from sokoul.store.library_offers import LibraryOffers
from sokoul.store.outbox import DeadLetters
from sokoul.store.searches import SearchStore
from sokoul.workers import scout as workers
from sokoul.workers.worker import Worker


def tmdb(base: Foundation) -> Tmdb | None:
    """TMDB, where there is a key."""
    settings = base.config.providers.tmdb
    if settings.api_key is None:
        return None
    allow(base.guard, settings.base_url, settings.image_base_url)
    config = TmdbConfig(
        settings.api_key.get_secret_value(),
        settings.base_url,
        settings.language,
        float(base.config.cache.metadata_ttl),
    )
    return Tmdb(config, base.http, base.cache)


def metadata(base: Foundation, best: Tmdb | None) -> MetadataSources:
    """Every source of facts about works, the best first."""
    sources: list[Tmdb | Tvmaze] = [best] if best is not None else []
    settings = base.config.providers.tvmaze
    if settings.enabled:
        allow(base.guard, settings.base_url)
        config = TvmazeConfig(settings.base_url, float(base.config.cache.metadata_ttl))
        sources.append(Tvmaze(config, base.http, base.cache))
    return MetadataSources(sources)


def sources(base: Foundation, knowledge: MetadataSources) -> Sources:
    """The configured indexers, and what tells them what is meant."""
    settings = base.config.providers.indexers
    allow(base.guard, *(indexer.url for indexer in settings))
    # One that is to be asked through a VPN is not asked at all while there is none.
    indexers = [build_indexer(indexer, base.http) for indexer in settings if indexer.via == "direct"]
    return Sources(indexers, knowledge, LibraryOffers(base.database))


def checks(asked: Sources, best: Tmdb | None) -> dict[str, Check]:
    """Which sources are left in peace because they fail."""
    breakers = [one.breaker for one in asked.indexers if isinstance(one, Guarded)]
    if best is not None:
        breakers.append(best.breaker)
    return {f"provider {breaker.name}": _asked(breaker) for breaker in breakers}


def _asked(breaker: CircuitBreaker) -> Check:
    async def check() -> None:
        if breaker.state != "closed":
            raise Degraded(f"{breaker.name} fails and is asked again in a while ({breaker.state})")

    return check


def profiles(config: Config) -> Profiles:
    """The household's quality profiles."""
    named = {name: _profile(name, profile) for name, profile in config.quality.profiles.items()}
    return Profiles(named, config.quality.default_profile)


def service(base: Foundation, asked: Sources) -> SearchService:
    """The one search service of this process."""
    search = base.config.search
    return SearchService(
        asked,
        profiles(base.config),
        store=SearchStore(base.database),
        cache=base.cache,
        live=base.bus,
        wake=base.outbox.wake,
        times=Times(search.timeout, float(search.cache_ttl)),
    )


def scout(base: Foundation, search: SearchService) -> Worker:
    """Does the searches that somebody asked for."""
    return workers.scout(search, base.bus.jobs(*workers.SEARCH), DeadLetters(base.database))


def scorer(base: Foundation, search: SearchService) -> Worker:
    """Judges results anew."""
    return workers.scorer(search, base.bus.jobs(*workers.SCORE), DeadLetters(base.database))


def _profile(name: str, profile: Profile) -> QualityProfile:
    return QualityProfile(
        name=name,
        minimum=int(profile.minimum.removesuffix("p")),
        cutoff=int(profile.cutoff.removesuffix("p")),
        prefer_codecs=tuple(profile.prefer_codecs),
        reject=tuple(profile.reject),
        languages=tuple(profile.languages),
        min_seeders=profile.min_seeders,
    )
