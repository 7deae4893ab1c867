"""What a Torznab address says that it can do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from sokoul.domain.media import MediaType
from sokoul.providers.indexers.feed import document, whole

_MOST_CATEGORIES: Final = 2000
_MODES: Final = {"search": "search", "movie-search": "movie", "tv-search": "tvsearch"}
# What Newznab takes for granted where `supportedParams` is not stated.
_USUAL: Final = {
    "search": frozenset({"q"}),
    "movie": frozenset({"q"}),
    "tvsearch": frozenset({"q", "season", "ep"}),
}


@dataclass(frozen=True, slots=True)
class Caps:
    """Modes (`search`, `movie`, `tvsearch`) with their parameters, categories, and most items a page."""

    modes: dict[str, frozenset[str]] = field(default_factory=lambda: {"search": frozenset({"q"})})
    categories: frozenset[int] = frozenset()
    page_size: int = 100

    def wants(self, media_type: MediaType) -> list[int]:
        """The parent categories to ask for; empty where the address has none of them and says so."""
        parents = {MediaType.MOVIE: [2000], MediaType.TV: [5000], MediaType.EPISODE: [5000]}.get(
            media_type, [2000, 5000]
        )
        if not self.categories:
            return parents
        thousands = {category // 1000 * 1000 for category in self.categories}
        return [parent for parent in parents if parent in thousands]

    def can(self, mode: str, *parameters: str) -> bool:
        """Whether `mode` is there and takes all these parameters."""
        return mode in self.modes and self.modes[mode].issuperset(parameters)


def parse(body: bytes, source: str) -> Caps:
    """Caps from a `t=caps` answer; raises as `feed.document` does."""
    root = document(body, source)
    modes = {}
    for element in root.iter():
        mode = _MODES.get(str(element.tag))
        if mode is not None and (element.get("available") or "").lower() in {"yes", "true", "1"}:
            stated = element.get("supportedParams")
            names = frozenset(p.strip().lower() for p in stated[:1000].split(",")) if stated else _USUAL[mode]
            modes[mode] = names
    limits = root.find("limits")
    most = whole(limits.get("max")) if limits is not None else None
    numbers = frozenset(_numbers(root))
    return Caps(modes or {"search": frozenset({"q"})}, numbers, max(1, min(most or 100, 100)))


def _numbers(root: object) -> Iterator[int]:
    seen = 0
    for element in root.iter():  # type: ignore[attr-defined]  # Element, untyped by defusedxml
        if element.tag in {"category", "subcat"} and (number := whole(element.get("id"))):
            seen += 1
            if seen > _MOST_CATEGORIES:
                return
            yield number
