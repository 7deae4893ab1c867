"""Settings made on the web: read at the start, changed while the daemon runs, heard by every process."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import structlog

from sokoul.config import schema
from sokoul.config.model import Config
from sokoul.config.reserved import RESERVED
from sokoul.config.stored import Settled, at_once, editable, locked_by, place_of, settle
from sokoul.domain.errors import SokoulError, Unavailable
from sokoul.features.settings import sealed
from sokoul.features.settings.editing import Edit, Given, edit
from sokoul.features.settings.ports import Bell, By, Noted, Rows, SettingStore, Vault, Write
from sokoul.features.settings.shapes import leaves, masked

__all__ = ["SIGNAL", "Changed", "Overview", "SettingsService"]

log = structlog.get_logger(__name__)

SIGNAL: Final = "settings"

Apply = Callable[[Config], Awaitable[None] | None]


@dataclass(frozen=True, slots=True)
class Changed:
    """Which keys are different now, which of them wait for a restart, which have no effect yet."""

    changed: tuple[str, ...]
    restart_required: tuple[str, ...]
    without_effect: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """Every setting, masked, and what is to be known about the keys.

    `locked`: decided by file, environment or flags; `made`: set on the web; `aside`: stored, but it no
    longer fits, with the reason; `restart_required`: changed since the start and not heard yet; `forms`: how
    a value is written, with its `choices` where they are counted.
    """

    settings: Mapping[str, Any]
    locked: tuple[str, ...]
    editable: tuple[str, ...]
    made: tuple[str, ...]
    aside: Mapping[str, str]
    restart_required: tuple[str, ...]
    forms: Mapping[str, str]
    choices: Mapping[str, list[str]]


def fitted(given: Given, rows: Rows, vault: Vault) -> tuple[Settled, Mapping[str, Any]]:
    """The configuration with what is stored and fits, with the reasons of the rest; and what is stored."""
    values, closed = sealed.opened(rows.values, vault)
    settled = settle(given.config, given.locked, values)
    return Settled(settled.config, {**closed, **settled.aside}), values


class SettingsService:
    """The configuration of this process as it is at the moment."""

    def __init__(
        self, config: Config, locked: frozenset[str], store: SettingStore, vault: Vault, bell: Bell
    ) -> None:
        self._given, self._store, self._vault, self._bell = Given(config, locked), store, vault, bell
        self._current = self._started = config
        self._version = -1
        self._made: tuple[str, ...] = ()
        self._aside: Mapping[str, str] = {}
        self._listeners: list[tuple[tuple[str, ...], Apply]] = []
        self._turn = asyncio.Lock()

    @property
    def current(self) -> Config:
        """What counts now."""
        return self._current

    async def open(self) -> Config:
        """Read what is stored; what does not fit is left aside and told of."""
        await self._read()
        self._started = self._current
        for key, why in self._aside.items():
            log.error("a setting made on the web is left aside", key=key, why=why)
        return self._current

    def on_change(self, keys: tuple[str, ...], apply: Apply) -> None:
        """Call `apply(config)` whenever something at or below one of these keys has changed."""
        self._listeners.append((keys, apply))

    async def change(self, body: Mapping[str, Any], by: By) -> Changed:
        """Store what the body wishes for and use it at once; raises Rejected, WrongState, Unavailable."""
        decided: list[Edit] = []

        def decide(rows: Rows) -> Write:
            values, _ = sealed.opened(rows.values, self._vault)
            decided[:] = [edit(self._given, values, body)]
            return self._write(decided[0])

        async with self._turn:
            await self._store.change(decide, by)
        await self.refresh()
        await self._bell.signal(SIGNAL, {})
        changed = tuple(sorted(decided[0].new))
        return Changed(
            changed,
            tuple(key for key in changed if not at_once(key)),
            tuple(key for key in changed if locked_by(key, frozenset(RESERVED))),
        )

    async def refresh(self) -> None:
        """Use what another process has stored meanwhile."""
        async with self._turn:
            try:
                if await self._store.version() == self._version:
                    return
                before = self._current
                await self._read()
            except Unavailable as error:
                log.warning("settings could not be read again", why=str(error))
                return
            await self._tell(before)

    def overview(self) -> Overview:
        """For the page; nothing secret is in it."""
        usual, now = leaves(self._started), leaves(self._current)
        kinds = {key: schema.kind(place_of(key)) for key in now}
        return Overview(
            masked(self._current),
            locked=tuple(sorted(self._given.locked)),
            editable=tuple(sorted(key for key in editable() if locked_by(key, self._given.locked) is None)),
            made=self._made,
            aside=self._aside,
            restart_required=tuple(
                sorted(key for key, value in now.items() if value != usual[key] and not at_once(key))
            ),
            forms={key: schema.form(declared) for key, declared in kinds.items()},
            choices={key: words for key, declared in kinds.items() if (words := schema.choices(declared))},
        )

    async def _read(self) -> None:
        rows = await self._store.rows()
        settled, values = fitted(self._given, rows, self._vault)
        self._current, self._version, self._aside = settled.config, rows.version, settled.aside
        self._made = tuple(
            sorted(
                key for key in values if key not in self._aside and locked_by(key, self._given.locked) is None
            )
        )

    def _write(self, decided: Edit) -> Write:
        return Write(
            {key: sealed.closed(key, value, self._vault) for key, value in decided.put.items()},
            decided.drop,
            [Noted(key, decided.old[key], decided.new[key]) for key in decided.new],
        )

    async def _tell(self, before: Config) -> None:
        """Everybody whose keys changed; one that fails is no reason to leave out the next."""
        old, new = leaves(before), leaves(self._current)
        changed = [key for key, value in new.items() if value != old[key]]
        for keys, apply in self._listeners:
            if not any(locked_by(key, frozenset(keys)) for key in changed):
                continue
            try:
                told = apply(self._current)
                if told is not None:
                    await told
            except (SokoulError, OSError, ValueError):
                log.exception("a changed setting could not be put to use", keys=keys)
