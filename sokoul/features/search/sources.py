"""Who is asked: indexers, library, metadata and the model; it may change while the daemon runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sokoul.domain.errors import NotFound
from sokoul.domain.meaning import Wish
from sokoul.domain.media import MediaType, Work
from sokoul.features.search.ports import Fit, Indexer, Metadata, Oracle, StreamPlaylists, TorrentLinks


class NoMetadata:
    """Knows nothing: searches go by their words."""

    knows_films = False

    async def find(self, text: str, media_type: MediaType, year: int | None) -> list[Work]:
        """Nothing."""
        del text, media_type, year
        return []

    async def describe(self, work: Work) -> Work:
        """The same."""
        return work

    async def by_tmdb(self, tmdb_id: int, media_type: MediaType) -> Work:
        """Unknown."""
        raise NotFound(f"There is no metadata source that knows TMDB's {media_type} {tmdb_id}")

    async def discover(self, told: Wish) -> list[Fit]:
        """Nothing."""
        del told
        return []


@dataclass(slots=True)
class Sources:
    """The sources of the moment; `fingerprint` changes with them, and so does every cached answer's key."""

    indexers: Sequence[Indexer] = ()
    metadata: Metadata = field(default_factory=NoMetadata)
    library: Indexer | None = None
    oracle: Oracle | None = None
    links: TorrentLinks | None = None
    playlists: StreamPlaylists | None = None
    # Another process has the model: it is left a job to look again.
    model_elsewhere: bool = False

    def all(self) -> list[Indexer]:
        """Everybody who is asked for releases."""
        return [*self.indexers, *([self.library] if self.library else [])]

    def names(self) -> list[str]:
        """Their names, the model's with them: an answer that it had a part in is another answer."""
        model = ["the model"] if self.oracle or self.model_elsewhere else []
        return [*sorted(each.name for each in self.all()), *model]

    def replace(self, indexers: Sequence[Indexer], metadata: Metadata) -> None:
        """Others from now on; running searches keep those they began with."""
        self.indexers, self.metadata = tuple(indexers), metadata
