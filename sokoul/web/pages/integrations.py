"""What the household can connect Sokoul to, as the settings page shows it: a table one can read.

A new integration is one entry here and its words in the catalogues: `supply.<name>.title` and `.text`, and
`supply.field.<field>` for a field whose name is new.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from sokoul.config.reserved import RESERVED

Kind = Literal["text", "secret", "address", "switch", "list"]
Group = Literal["knowledge", "releases", "streams", "help"]


@dataclass(frozen=True, slots=True)
class Field:
    """One key of the configuration, whose last part is its name in the test; `spot` is an example."""

    key: str
    kind: Kind = "text"
    spot: str = ""

    @property
    def name(self) -> str:
        return self.key.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class Integration:
    """One card. It is set up where the key `needs` holds something; `more` are fields that few need.

    `family` is the row of the table of sources that it feeds, `test` its Test button.
    """

    name: str
    group: Group
    picture: str
    needs: str
    fields: tuple[Field, ...]
    more: tuple[Field, ...] = ()
    family: str = ""
    test: str = ""

    @property
    def idle(self) -> bool:
        """Whether this version accepts the settings without using them yet."""
        return any(self.needs == key or self.needs.startswith(f"{key}.") for key in RESERVED)


def _key(section: str, spot: str = "") -> tuple[Field, ...]:
    return (Field(f"{section}.api_key", "secret", spot),)


def _base(section: str) -> tuple[Field, ...]:
    return (Field(f"{section}.base_url", "address"),)


INTEGRATIONS: Final = (
    Integration(
        "tmdb",
        "knowledge",
        "clapperboard",
        needs="providers.tmdb.api_key",
        fields=(*_key("providers.tmdb"), Field("providers.tmdb.language", spot="fr-FR")),
        more=_base("providers.tmdb"),
        family="tmdb",
        test="tmdb",
    ),
    Integration(
        "omdb",
        "knowledge",
        "star",
        needs="providers.omdb.api_key",
        fields=_key("providers.omdb"),
        more=_base("providers.omdb"),
        family="omdb",
        test="omdb",
    ),
    Integration(
        "tvmaze",
        "knowledge",
        "tv",
        needs="providers.tvmaze.enabled",
        fields=(Field("providers.tvmaze.enabled", "switch"),),
        more=_base("providers.tvmaze"),
        family="tvmaze",
        test="tvmaze",
    ),
    Integration(
        "wikidata",
        "knowledge",
        "library",
        needs="providers.wikidata.enabled",
        fields=(Field("providers.wikidata.enabled", "switch"),),
        more=_base("providers.wikidata"),
        family="wikidata",
        test="wikidata",
    ),
    Integration(
        "pages",
        "releases",
        "globe",
        needs="providers.pages.definitions",
        fields=(
            Field("providers.pages.definitions", "list", "internet-archive"),
            Field("providers.pages.enabled", "switch"),
        ),
        family="pages",
        test="pages",
    ),
    Integration(
        "consumet",
        "streams",
        "circle-play",
        needs="providers.consumet.url",
        fields=(
            Field("providers.consumet.url", "address", "http://192.168.1.10:3000"),
            Field("providers.consumet.provider"),
        ),
        family="consumet",
        test="consumet",
    ),
    Integration(
        "real_debrid",
        "streams",
        "cloud-download",
        needs="providers.debrid.real_debrid.api_key",
        fields=_key("providers.debrid.real_debrid"),
        more=_base("providers.debrid.real_debrid"),
        family="real_debrid",
        test="real_debrid",
    ),
    Integration(
        "all_debrid",
        "streams",
        "cloud-download",
        needs="providers.debrid.all_debrid.api_key",
        fields=_key("providers.debrid.all_debrid"),
        more=_base("providers.debrid.all_debrid"),
        family="all_debrid",
        test="all_debrid",
    ),
    Integration(
        "flaresolverr",
        "help",
        "shield-check",
        needs="providers.flaresolverr.url",
        fields=(Field("providers.flaresolverr.url", "address", "http://192.168.1.10:8191"),),
        family="flaresolverr",
        test="flaresolverr",
    ),
    Integration(
        "oracle",
        "help",
        "sparkles",
        needs="oracle.endpoint",
        fields=(
            Field("oracle.endpoint", "address", "http://127.0.0.1:8080/v1"),
            Field("oracle.model", spot="qwen2.5-3b-instruct"),
        ),
        more=(
            Field("oracle.server.start", "switch"),
            Field("oracle.server.gguf", spot="/srv/models/qwen2.5-3b-instruct-q4_k_m.gguf"),
        ),
        family="oracle",
        test="oracle",
    ),
    Integration(
        "opensubtitles",
        "help",
        "captions",
        needs="providers.opensubtitles.api_key",
        fields=_key("providers.opensubtitles"),
        more=_base("providers.opensubtitles"),
        family="opensubtitles",
        test="opensubtitles",
    ),
)

# An indexer is an entry of a list: one card for each, and an empty one to add another.
INDEXER: Final = Integration(
    "indexer",
    "releases",
    "database",
    needs="providers.indexers",
    fields=(
        Field("name", spot="prowlarr"),
        Field("url", "address", "http://192.168.1.10:9696"),
        Field("api_key", "secret"),
    ),
    more=(Field("timeout", spot="30"),),
    family="indexers",
    test="indexer",
)

GROUPS: Final[tuple[Group, ...]] = ("releases", "knowledge", "streams", "help")
