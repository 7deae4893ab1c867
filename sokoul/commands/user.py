"""`sokoul user add`, `sokoul user passwd`: accounts from the command line, beside a daemon or without one."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Literal, TextIO

from sokoul import log
from sokoul.config.model import Config
from sokoul.domain.errors import SokoulError
from sokoul.domain.users import UserRole
from sokoul.engines.embedded.servers import database_url
from sokoul.features.accounts.api_keys import ApiKeys
from sokoul.features.accounts.passwords import Passwords, acceptable
from sokoul.features.accounts.service import AccountService
from sokoul.features.accounts.sessions import Sessions
from sokoul.features.accounts.setup_code import SetupCode
from sokoul.store.accounts import ApiKeyStore, SessionStore, UserStore
from sokoul.store.database import Database
from sokoul.store.migrate import migrate

DONE, FAILED = 0, 1


def run(config: Config, options: argparse.Namespace, stdin: TextIO, stdout: TextIO) -> int:
    """Do what `options.action` says; returns the exit code."""
    log.configure("warning", "text", secrets=log.secrets_of(config))
    try:
        password = _password(stdin, from_stdin=options.password_stdin)
        stdout.write(asyncio.run(_act(config, options, password)) + "\n")
    except SokoulError as error:
        print(error, file=sys.stderr)  # noqa: T201  the answer to a person
        return FAILED
    return DONE


def _password(stdin: TextIO, *, from_stdin: bool) -> str:
    """Raises `Invalid` before anything is started for it."""
    text = stdin.readline().rstrip("\r\n") if from_stdin else getpass.getpass("Password: ")
    acceptable(text)
    return text


async def _act(config: Config, options: argparse.Namespace, password: str) -> str:
    async with _accounts(config) as accounts:
        if options.action == "add":
            account = await accounts.add(options.name, options.email, UserRole(options.role), password)
            return f"Added {account.username} ({account.role.value})."
        await accounts.set_password(options.name, password)
        return f"{options.name} has a new password; every device is signed out."


@asynccontextmanager
async def _accounts(config: Config) -> AsyncIterator[AccountService]:
    async with database_url(config) as url:
        database = Database(url, smallest=1, largest=2)
        await database.open()
        passwords = Passwords()
        try:
            if config.services.migrate:
                await migrate(database)
            yield AccountService(
                UserStore(database),
                Sessions(SessionStore(database), _NoTokens()),
                ApiKeys(ApiKeyStore(database)),
                passwords,
                SetupCode(config.state_dir / "setup-code", required=False),
            )
        finally:
            passwords.close()
            await database.close()


class _NoTokens:
    """Nobody signs in on the command line."""

    def issue(self, kind: Literal["access"], subject: str, *, seconds: float, **claims: str) -> str:
        raise NotImplementedError(f"no {kind} token for {subject} ({seconds} s, {sorted(claims)}) here")

    def read(self, kind: Literal["access"], token: str) -> Mapping[str, Any]:
        raise NotImplementedError(f"no {kind} token of {len(token)} characters is read here")
