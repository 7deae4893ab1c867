"""What accounts need from outside."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from sokoul.domain.users import User, UserRole


@dataclass(frozen=True, slots=True)
class Caller:
    """On whose behalf and from where something is done, for the audit log; all empty on the command line."""

    user_id: uuid.UUID | None = None
    ip: str | None = None
    user_agent: str = ""
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """A user with what only admins see."""

    id: uuid.UUID
    username: str
    email: str
    role: UserRole
    disabled: bool
    created_at: datetime
    last_login_at: datetime | None

    @property
    def user(self) -> User:
        return User(self.id, self.username, self.email, self.role)


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One signed-in device."""

    id: uuid.UUID
    user_agent: str
    ip: str | None
    created_at: datetime
    used_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ApiKeyRow:
    """An API key without the key; `prefix` is how its owner recognises it."""

    id: uuid.UUID
    name: str
    prefix: str
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One change: who, what, before and after."""

    id: uuid.UUID
    at: datetime
    user_id: uuid.UUID | None
    username: str | None
    action: str
    object_type: str
    object_id: str | None
    old_value: Any
    new_value: Any
    ip_address: str | None
    request_id: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """What an audit row says of a change, beside who made it."""

    action: str
    object_type: str
    object_id: str | None = None
    old: Mapping[str, Any] | None = None
    new: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Rotation:
    """What became of a refresh token: a new one, the one given out a moment ago, or the end of the family."""

    outcome: Literal["rotated", "repeated", "revoked", "unknown"]
    user: User | None = None
    sealed_successor: str | None = None


class UserStore(Protocol):
    """Users, as one aggregate with their audit rows: a change and its row are one transaction."""

    async def any_account(self) -> bool: ...

    async def add_first(
        self, username: str, email: str, password_hash: str, caller: Caller
    ) -> Account | None: ...

    async def add(
        self, username: str, email: str, role: UserRole, password_hash: str, caller: Caller
    ) -> Account: ...

    async def credentials(self, username: str) -> tuple[Account, str] | None: ...

    async def account(self, user_id: uuid.UUID) -> Account | None: ...

    async def accounts(self, *, limit: int, offset: int) -> tuple[Sequence[Account], int]: ...

    async def set_password(self, user_id: uuid.UUID, password_hash: str, caller: Caller) -> None: ...

    async def set_role(self, user_id: uuid.UUID, role: UserRole, caller: Caller) -> Account: ...

    async def set_disabled(self, user_id: uuid.UUID, disabled: bool, caller: Caller) -> Account: ...  # noqa: FBT001 - the value itself

    async def audit(self, change: Change, caller: Caller) -> None: ...

    async def audit_rows(self, *, limit: int, offset: int) -> tuple[Sequence[AuditRow], int]: ...


class SessionStore(Protocol):
    """Signed-in devices; each is a family of refresh tokens of which the newest counts."""

    async def open(
        self, session_id: uuid.UUID, user_id: uuid.UUID, refresh_hash: bytes, *, seconds: int, caller: Caller
    ) -> None: ...

    async def rotate(
        self,
        session_id: uuid.UUID,
        presented: bytes,
        successor: bytes,
        sealed: str,
        *,
        grace: float,
        seconds: int,
    ) -> Rotation: ...

    async def user(self, session_id: uuid.UUID) -> User | None: ...

    async def sessions(self, user_id: uuid.UUID) -> Sequence[SessionRow]: ...

    async def revoke(self, session_id: uuid.UUID, *, user_id: uuid.UUID) -> bool: ...

    async def revoke_all(self, user_id: uuid.UUID) -> None: ...


class ApiKeyStore(Protocol):
    """API keys, known by their hash."""

    async def add_key(
        self,
        user_id: uuid.UUID,
        name: str,
        prefix: str,
        key_hash: bytes,
        expires_at: datetime | None,
        caller: Caller,
    ) -> ApiKeyRow: ...

    async def keys(self, user_id: uuid.UUID) -> Sequence[ApiKeyRow]: ...

    async def key_user(self, key_hash: bytes) -> User | None: ...

    async def drop_key(self, key_id: uuid.UUID, *, user_id: uuid.UUID, caller: Caller) -> bool: ...


class Tokens(Protocol):
    """Signs and reads access tokens."""

    def issue(self, kind: Literal["access"], subject: str, *, seconds: float, **claims: str) -> str: ...

    def read(self, kind: Literal["access"], token: str) -> Mapping[str, Any]: ...


class Alarm(Protocol):
    """Tells whoever watches that something needs a look."""

    async def tell(self, topic: str, event: str, data: Mapping[str, Any]) -> None: ...
