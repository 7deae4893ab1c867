"""The library of each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from sokoul.domain.media import MediaType, Work
from sokoul.store.database import Database
from tests.integration.library.house import BEAR, DUNE, House, build


@pytest.fixture
async def house(database: Database, tmp_path: Path) -> AsyncIterator[House]:
    """A library whose sources know one film and one series."""
    seasons = {
        ("The Bear", 1): [
            replace(Work(MediaType.EPISODE, f"Part {n}"), season_number=1, episode_number=n)
            for n in (1, 2, 3)
        ]
    }
    house = build(database, tmp_path, DUNE, BEAR, seasons=seasons)
    yield house
    await house.service.close()
