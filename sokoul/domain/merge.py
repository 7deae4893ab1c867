"""The same release from several sources becomes one, and keeps every source."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar

from sokoul.domain.offer import Judged, Offer
from sokoul.domain.titles import normalise

T = TypeVar("T")
Again = Callable[[Judged], Judged]


def merge(judged: Iterable[Judged], again: Again | None = None) -> list[Judged]:
    """One entry per info hash, else per normalised name and size; the best scored stands for all.

    `again` judges an entry anew whose facts were completed from another source (more seeders, an id).
    """
    groups: list[list[Judged]] = []
    places: dict[tuple[str, str], int] = {}
    for item in judged:
        keys = _keys(item.offer)
        place = next((places[key] for key in keys if key in places), None)
        if place is None or _differs(groups[place], item.offer):
            place = len(groups)
            groups.append([])
        groups[place].append(item)
        for key in keys:
            places.setdefault(key, place)
    return [_one(group, again) for group in groups]


def ranked(judged: Iterable[Judged]) -> list[Judged]:
    """Accepted ones best first, then the rejected ones; equal scores by format points, seeders and name."""
    return sorted(judged, key=place)


def place(item: Judged) -> tuple[bool, int, int, float, int, str]:
    """What the order goes by, smallest first."""
    seeders = item.offer.seeders or 0
    return item.rejected, -item.score, -item.format_score, -item.confidence, -seeders, item.offer.title


def _keys(offer: Offer) -> list[tuple[str, str]]:
    keys = []
    if offer.info_hash:
        keys.append(("hash", offer.info_hash.lower()))
    if offer.size_bytes:
        keys.append((normalise(offer.title), f"{offer.protocol}:{offer.size_bytes}"))
    if not keys:
        keys.append(("guid", f"{offer.provider}:{offer.guid}"))
    return keys


def _differs(group: list[Judged], offer: Offer) -> bool:
    """Two different info hashes are two torrents, whatever their names and sizes."""
    hashes = {item.offer.info_hash.lower() for item in group if item.offer.info_hash}
    return bool(offer.info_hash) and bool(hashes) and (offer.info_hash or "").lower() not in hashes


def _one(group: list[Judged], again: Again | None) -> Judged:
    if len(group) == 1:
        only = group[0]
        return only if only.providers else replace(only, providers=(only.offer.provider,))
    best = min(group, key=lambda item: (item.rejected, -item.score, -(item.offer.seeders or 0)))
    providers = tuple(
        dict.fromkeys(name for item in group for name in (item.providers or (item.offer.provider,)))
    )
    offer = _filled(best.offer, [item.offer for item in group])
    if again is not None and offer != best.offer:
        best = again(replace(best, offer=offer))
    return replace(best, offer=offer, providers=providers)


def _filled(best: Offer, offers: list[Offer]) -> Offer:
    """The best one's offer with the most seeders of all, and with what only another source knew."""
    counts = [offer.seeders for offer in offers if offer.seeders is not None]
    magnets = [one.magnet_link for one in (best, *offers) if one.magnet_link]
    # An address goes with the headers that it wants.
    source = next((offer for offer in (best, *offers) if offer.url), best)
    return replace(
        best,
        seeders=max(counts, default=None),
        info_hash=_first([best.info_hash, *(offer.info_hash for offer in offers)]),
        # One that names a tracker finds peers where another has to wait for DHT.
        magnet_link=_first([*(one for one in magnets if "&tr" in one), *magnets]),
        url=source.url,
        headers=source.headers,
        tmdb_id=_first([best.tmdb_id, *(offer.tmdb_id for offer in offers)]),
        imdb_id=_first([best.imdb_id, *(offer.imdb_id for offer in offers)]),
        debrid=_first([best.debrid, *(offer.debrid for offer in offers)]) or (),
        tvdb_id=_first([best.tvdb_id, *(offer.tvdb_id for offer in offers)]),
    )


def _first(values: list[T | None]) -> T | None:
    return next((value for value in values if value), None)
