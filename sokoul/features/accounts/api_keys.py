"""API keys: for programs, shown once, kept as a hash."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Sequence
from datetime import datetime

from sokoul.domain.errors import NotFound, NotSignedIn, Unavailable
from sokoul.domain.users import User
from sokoul.features.accounts.ports import ApiKeyRow, ApiKeyStore, Caller
from sokoul.features.accounts.recent import Recent
from sokoul.features.accounts.sessions import BELIEVED_FOR, CHECKED_EVERY

_PREFIX = "sk_"
_LENGTH = 46


class ApiKeys:
    """Makes, checks and drops them."""

    def __init__(self, store: ApiKeyStore) -> None:
        self._store = store
        self._recent: Recent[bytes, User | None] = Recent(
            seconds=CHECKED_EVERY, stale=BELIEVED_FOR, most=4096
        )

    async def make(
        self, user_id: uuid.UUID, name: str, expires_at: datetime | None, caller: Caller
    ) -> tuple[str, ApiKeyRow]:
        """The key itself, which is never seen again, and its row."""
        key = _PREFIX + secrets.token_urlsafe(32)
        row = await self._store.add_key(user_id, name, key[:8], _hash(key), expires_at, caller)
        return key, row

    async def check(self, key: str) -> User:
        """Whose key it is; raises `NotSignedIn`."""
        if len(key) != _LENGTH or not key.startswith(_PREFIX):
            raise NotSignedIn("The API key is not valid")
        hashed = _hash(key)
        known = self._recent.get(hashed)
        if known is None:
            known = await self._ask(hashed)
        if known[0] is None:
            raise NotSignedIn("The API key is not valid")
        return known[0]

    async def listed(self, user_id: uuid.UUID) -> Sequence[ApiKeyRow]:
        return await self._store.keys(user_id)

    async def drop(self, key_id: uuid.UUID, *, user_id: uuid.UUID, caller: Caller) -> None:
        """Raises `NotFound` where it is not the user's."""
        found = await self._store.drop_key(key_id, user_id=user_id, caller=caller)
        self._recent.clear()
        if not found:
            raise NotFound("There is no such API key")

    def forget(self) -> None:
        """Something about users has changed: ask the database again."""
        self._recent.clear()

    async def _ask(self, hashed: bytes) -> tuple[User | None]:
        try:
            user = await self._store.key_user(hashed)
        except Unavailable:
            if (known := self._recent.get(hashed, stale=True)) is not None:
                return known
            raise
        self._recent.put(hashed, user)
        return (user,)


def _hash(key: str) -> bytes:
    return hashlib.sha256(key.encode(errors="surrogatepass")).digest()
