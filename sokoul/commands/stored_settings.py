"""Settings made on the web, looked at from the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sokoul.commands import profiles
from sokoul.config.load import Loaded
from sokoul.engines.embedded.servers import database_url
from sokoul.features.settings.editing import Given
from sokoul.features.settings.service import fitted
from sokoul.sealing import FILE, ClosedVault, Vault, vault_of
from sokoul.store.database import Database
from sokoul.store.settings import Settings


@dataclass(frozen=True, slots=True)
class Looked:
    """The stored keys that do not fit any more, with the reasons; the default profile that is not there."""

    aside: Mapping[str, str] = field(default_factory=dict)
    missing_default: str | None = None
    used_default: str = ""


async def look(loaded: Loaded) -> Looked:
    """What the database holds beside the configuration; raises SokoulError."""
    config = loaded.config
    if config.services.postgres is None and not (config.state_dir / "postgres" / "data").is_dir():
        return Looked()
    async with database_url(config) as url:
        database = Database(url, smallest=1, largest=1)
        await database.open()
        try:
            store = Settings(database)
            if not await store.there():
                return Looked()
            settled, _ = fitted(Given(config, loaded.locked), await store.rows(), _vault(config.state_dir))
            book = await profiles.looked_at(settled.config, database)
            return Looked(settled.aside, book.missing_default, book.default)
        finally:
            await database.close()


def _vault(state_dir: Path) -> Vault | ClosedVault:
    """Looking makes no key."""
    if not (state_dir / FILE).exists():
        return ClosedVault(f"There is no {FILE} in {state_dir}")
    return vault_of(state_dir)
