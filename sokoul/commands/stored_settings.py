"""Settings made on the web, looked at from the command line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sokoul.config.load import Loaded
from sokoul.engines.embedded.servers import database_url
from sokoul.features.settings.editing import Given
from sokoul.features.settings.service import fitted
from sokoul.sealing import FILE, ClosedVault, Vault, vault_of
from sokoul.store.database import Database
from sokoul.store.settings import Settings


async def aside(loaded: Loaded) -> Mapping[str, str]:
    """The stored keys that do not fit any more, with the reasons; raises SokoulError."""
    config = loaded.config
    if config.services.postgres is None and not (config.state_dir / "postgres" / "data").is_dir():
        return {}
    async with database_url(config) as url:
        database = Database(url, smallest=1, largest=1)
        await database.open()
        try:
            store = Settings(database)
            if not await store.there():
                return {}
            settled, _ = fitted(Given(config, loaded.locked), await store.rows(), _vault(config.state_dir))
            return settled.aside
        finally:
            await database.close()


def _vault(state_dir: Path) -> Vault | ClosedVault:
    """Looking makes no key."""
    if not (state_dir / FILE).exists():
        return ClosedVault(f"There is no {FILE} in {state_dir}")
    return vault_of(state_dir)
