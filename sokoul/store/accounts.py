"""Users, their signed-in devices, their API keys, and the log of what was changed."""

from __future__ import annotations

import uuid
from datetime import datetime

import asyncpg

from sokoul.domain.errors import NotFound, WrongState
from sokoul.domain.users import User, UserRole
from sokoul.features.accounts.ports import (
    Account,
    ApiKeyRow,
    AuditRow,
    Caller,
    Change,
    Rotation,
    SessionRow,
)
from sokoul.store.audit import address, note
from sokoul.store.database import Connection, Database, Row, queries

SQL = queries("accounts")
MOST_KEYS = 50


class UserStore:
    """The tables users and audit_logs; a change and its audit row are one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def any_account(self) -> bool:
        """Whether there is a user at all."""
        return bool(await self._database.value(SQL["any_account"]))

    async def add_first(
        self, username: str, email: str, password_hash: str, caller: Caller
    ) -> Account | None:
        """Add the first user, an admin; None where somebody else was first."""
        async with self._database.transaction() as transaction:
            await transaction.run(SQL["lock_users"])
            if await transaction.value(SQL["any_account"]):
                return None
            return await _add(transaction, username, email, UserRole.ADMIN, password_hash, caller)

    async def add(
        self, username: str, email: str, role: UserRole, password_hash: str, caller: Caller
    ) -> Account:
        """Add a user; raises `WrongState` where the name or the address is taken."""
        try:
            async with self._database.transaction() as transaction:
                return await _add(transaction, username, email, role, password_hash, caller)
        except asyncpg.UniqueViolationError as err:
            raise WrongState("This user name or e-mail address is taken") from err

    async def credentials(self, username: str) -> tuple[Account, str] | None:
        """A user by name, whatever its case, with the password's hash."""
        row = await self._database.row(SQL["credentials"], username)
        return None if row is None else (_account(row), str(row["password_hash"]))

    async def account(self, user_id: uuid.UUID) -> Account | None:
        row = await self._database.row(SQL["account"], user_id)
        return None if row is None else _account(row)

    async def accounts(self, *, limit: int, offset: int) -> tuple[list[Account], int]:
        """By name, and how many there are."""
        rows = await self._database.rows(SQL["accounts"], limit, offset)
        return [_account(row) for row in rows], int(await self._database.value(SQL["count_accounts"]))

    async def set_password(self, user_id: uuid.UUID, password_hash: str, caller: Caller) -> None:
        """Raises `NotFound`."""
        async with self._database.transaction() as transaction:
            if await transaction.run(SQL["set_password"], user_id, password_hash) != "UPDATE 1":
                raise NotFound("There is no such user")
            await _audit(transaction, Change("user.password", "user", str(user_id)), caller)

    async def set_role(self, user_id: uuid.UUID, role: UserRole, caller: Caller) -> Account:
        """Raises `NotFound`; `WrongState` where no admin would be left."""
        async with self._database.transaction() as transaction:
            before = await _locked(transaction, user_id, keeps_admin=role is UserRole.ADMIN)
            after = _account(await _one(transaction, SQL["set_role"], user_id, role.value))
            change = Change(
                "user.role", "user", str(user_id), {"role": before.role.value}, {"role": role.value}
            )
            await _audit(transaction, change, caller)
            return after

    async def set_disabled(self, user_id: uuid.UUID, disabled: bool, caller: Caller) -> Account:  # noqa: FBT001 - the value itself
        """Raises `NotFound`; `WrongState` where no admin would be left."""
        async with self._database.transaction() as transaction:
            before = await _locked(transaction, user_id, keeps_admin=not disabled)
            after = _account(await _one(transaction, SQL["set_disabled"], user_id, disabled))
            old, new = {"disabled": before.disabled}, {"disabled": disabled}
            await _audit(transaction, Change("user.disabled", "user", str(user_id), old, new), caller)
            return after

    async def audit(self, change: Change, caller: Caller) -> None:
        """Write down a change that was made elsewhere."""
        async with self._database.transaction() as transaction:
            await _audit(transaction, change, caller)

    async def audit_rows(self, *, limit: int, offset: int) -> tuple[list[AuditRow], int]:
        """The newest first, and how many there are."""
        rows = await self._database.rows(SQL["audit_rows"], limit, offset)
        return [AuditRow(**row) for row in rows], int(await self._database.value(SQL["count_audit_rows"]))


class SessionStore:
    """The table sessions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(
        self, session_id: uuid.UUID, user_id: uuid.UUID, refresh_hash: bytes, *, seconds: int, caller: Caller
    ) -> None:
        """A new family of refresh tokens."""
        async with self._database.transaction() as transaction:
            await transaction.run(
                SQL["open_session"],
                session_id,
                user_id,
                refresh_hash,
                float(seconds),
                caller.user_agent[:300],
                address(caller.ip),
            )
            await transaction.run(SQL["signed_in"], user_id)
            await transaction.run(SQL["forget_old_sessions"], user_id)

    async def rotate(
        self,
        session_id: uuid.UUID,
        presented: bytes,
        successor: bytes,
        sealed: str,
        *,
        grace: float,
        seconds: int,
    ) -> Rotation:
        """Put the successor in the place of the presented token, or find out why that cannot be."""
        row = await self._database.row(
            SQL["rotate"], session_id, presented, successor, sealed, float(seconds)
        )
        if row is not None:
            return Rotation("rotated", _user(row))
        row = await self._database.row(SQL["repeated"], session_id, presented, grace)
        if row is not None:
            return Rotation("repeated", _user(row), row["successor"])
        reused = await self._database.value(SQL["revoke_reused"], session_id)
        return Rotation("unknown" if reused is None else "revoked")

    async def user(self, session_id: uuid.UUID) -> User | None:
        """Whose live session it is."""
        row = await self._database.row(SQL["session_user"], session_id)
        return None if row is None else _user(row)

    async def sessions(self, user_id: uuid.UUID) -> list[SessionRow]:
        """Live ones, the last used first."""
        return [SessionRow(**row) for row in await self._database.rows(SQL["sessions"], user_id)]

    async def revoke(self, session_id: uuid.UUID, *, user_id: uuid.UUID) -> bool:
        """End one; False where it is not a live session of that user."""
        return await self._database.run(SQL["revoke"], session_id, user_id) == "UPDATE 1"

    async def revoke_all(self, user_id: uuid.UUID) -> None:
        """End all of a user's."""
        await self._database.run(SQL["revoke_all"], user_id)


class ApiKeyStore:
    """The table api_keys."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_key(
        self,
        user_id: uuid.UUID,
        name: str,
        prefix: str,
        key_hash: bytes,
        expires_at: datetime | None,
        caller: Caller,
    ) -> ApiKeyRow:
        """Raises `WrongState` at the fifty-first key of one user."""
        async with self._database.transaction() as transaction:
            await transaction.run(SQL["lock_user"], user_id)
            if int(await transaction.value(SQL["count_keys"], user_id)) >= MOST_KEYS:
                raise WrongState(f"There are {MOST_KEYS} API keys already; delete one first")
            row = await _one(transaction, SQL["add_key"], user_id, name, prefix, key_hash, expires_at)
            made = ApiKeyRow(**row)
            change = Change("api_key.add", "api_key", str(made.id), None, {"name": name})
            await _audit(transaction, change, caller)
            return made

    async def keys(self, user_id: uuid.UUID) -> list[ApiKeyRow]:
        """The newest first."""
        return [ApiKeyRow(**row) for row in await self._database.rows(SQL["keys"], user_id)]

    async def key_user(self, key_hash: bytes) -> User | None:
        """Whose key it is; also notes that it was used."""
        row = await self._database.row(SQL["key_user"], key_hash)
        if row is None:
            return None
        await self._database.run(SQL["key_used"], key_hash)
        return _user(row)

    async def drop_key(self, key_id: uuid.UUID, *, user_id: uuid.UUID, caller: Caller) -> bool:
        """False where it is not a key of that user."""
        async with self._database.transaction() as transaction:
            name = await transaction.value(SQL["drop_key"], key_id, user_id)
            if name is None:
                return False
            await _audit(transaction, Change("api_key.drop", "api_key", str(key_id), {"name": name}), caller)
            return True


async def _add(
    transaction: Connection,
    username: str,
    email: str,
    role: UserRole,
    password_hash: str,
    caller: Caller,
) -> Account:
    account = _account(await _one(transaction, SQL["add"], username, email, role.value, password_hash))
    new = {"username": username, "email": email, "role": role.value}
    await _audit(transaction, Change("user.add", "user", str(account.id), None, new), caller)
    return account


async def _locked(transaction: Connection, user_id: uuid.UUID, *, keeps_admin: bool) -> Account:
    """The user, with nobody else changing users meanwhile, after making sure that an admin stays."""
    await transaction.run(SQL["lock_users"])
    row = await transaction.row(SQL["account"], user_id)
    if row is None:
        raise NotFound("There is no such user")
    account = _account(row)
    is_admin = account.role is UserRole.ADMIN and not account.disabled
    if is_admin and not keeps_admin and not await transaction.value(SQL["other_admins"], user_id):
        raise WrongState("This is the only admin; make another one first")
    return account


async def _audit(transaction: Connection, change: Change, caller: Caller) -> None:
    await note(
        transaction,
        (change.action, change.object_type, change.object_id),
        user_id=caller.user_id,
        ip=caller.ip,
        request_id=caller.request_id,
        old=change.old,
        new=change.new,
    )


async def _one(transaction: Connection, query: str, *values: object) -> Row:
    row = await transaction.row(query, *values)
    assert row is not None
    return row


def _account(row: Row) -> Account:
    return Account(
        row["id"],
        row["username"],
        row["email"],
        UserRole(row["role"]),
        row["disabled"],
        row["created_at"],
        row["last_login_at"],
    )


def _user(row: Row) -> User:
    return User(row["id"], row["username"], row["email"], UserRole(row["role"]))
