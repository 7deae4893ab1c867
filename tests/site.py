"""The web on a free port with real accounts behind it, and people who are signed in."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import ClientResponse, CookieJar, web
from aiohttp.test_utils import TestClient, TestServer

from sokoul.config.model import Config
from sokoul.domain.users import UserRole
from sokoul.features.accounts.api_keys import ApiKeys
from sokoul.features.accounts.passwords import Passwords
from sokoul.features.accounts.ports import Account, Caller
from sokoul.features.accounts.service import AccountService
from sokoul.features.accounts.sessions import Sessions
from sokoul.features.accounts.setup_code import SetupCode
from sokoul.features.health.service import HealthService
from sokoul.features.settings.service import SettingsService
from sokoul.sealing import Vault
from sokoul.store.accounts import ApiKeyStore, SessionStore, UserStore
from sokoul.store.claims import ClaimStore
from sokoul.store.database import Database
from sokoul.store.outbox import DeadLetters
from sokoul.store.settings import Settings as SettingStore
from sokoul.store.tasks import TaskStore
from sokoul.web import keys
from sokoul.web.access import Route
from sokoul.web.app import WebParts, build
from sokoul.web.routes import ROUTES
from sokoul.web.signing import KeyRing

PASSWORD = "correct horse"
OFF = dict.fromkeys(("user_per_minute", "search_per_minute", "ip_per_minute", "logins_per_minute"), 0)


@dataclass
class Person:
    """Somebody with an account and a session."""

    account: Account
    access: str
    refresh: str

    @property
    def id(self) -> uuid.UUID:
        return self.account.id

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.access}"}


@dataclass
class Site:
    """One running web application."""

    app: web.Application
    client: TestClient[web.Request, web.Application]
    accounts: AccountService
    keys: KeyRing
    config: Config
    state_dir: Path
    people: dict[str, Person] = field(default_factory=dict)

    async def person(self, name: str = "alice", role: UserRole = UserRole.USER) -> Person:
        """A user of that name, signed in; the same one when asked again."""
        if name not in self.people:
            account = await self.accounts.add(name, f"{name}@example.org", role, PASSWORD)
            self.people[name] = await self.sign_in(account)
        return self.people[name]

    async def sign_in(self, account: Account) -> Person:
        signed_in = await self.accounts.login(account.username, PASSWORD, Caller())
        return Person(account, signed_in.access_token, signed_in.refresh_token)

    async def admin(self) -> Person:
        return await self.person("root", UserRole.ADMIN)

    async def ask(self, method: str, path: str, who: Person | None = None, **more: Any) -> ClientResponse:
        """One request; as `who` by Bearer, else as nobody."""
        headers = {**(who.headers if who else {}), **more.pop("headers", {})}
        return await self.client.request(method, path, headers=headers, allow_redirects=False, **more)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.client.port}"


def make_accounts(
    database: Database, state_dir: Path, key_ring: KeyRing, config: Config, *, code_required: bool = False
) -> AccountService:
    """The service on a real database, hashing at the lowest cost."""
    return AccountService(
        UserStore(database),
        Sessions(SessionStore(database), key_ring),
        ApiKeys(ApiKeyStore(database)),
        Passwords(cost=4),
        SetupCode(state_dir / "setup-code", required=code_required),
        registration_open=config.accounts.registration == "open",
    )


class _Silence:
    """The bell of a household of one process."""

    async def signal(self, name: str, data: Mapping[str, Any]) -> None:
        del name, data


async def open_site(
    database: Database,
    state_dir: Path,
    *,
    settings: Mapping[str, Any] | None = None,
    routes: Sequence[Route] = ROUTES,
    code_required: bool = False,
    health: HealthService | None = None,
    hostname: str = "box",
    services: Mapping[web.AppKey[Any], Any] | None = None,
) -> Site:
    """Start it; `settings` as in the configuration file, all limits off unless given."""
    config = Config.model_validate({"state_dir": state_dir, "limits": OFF, **(settings or {})})
    key_ring = KeyRing.generate()
    accounts = make_accounts(database, state_dir, key_ring, config, code_required=code_required)
    checks = health or HealthService({}, required=frozenset())
    app = build(WebParts(config, key_ring, accounts, checks, hostname=hostname), routes)
    app[keys.DEAD_LETTERS] = DeadLetters(database)
    app[keys.CLAIMS] = ClaimStore(database)
    app[keys.TASK_LIST] = TaskStore(database)
    app[keys.SETTINGS] = SettingsService(
        config, frozenset(), SettingStore(database), Vault.load(state_dir), _Silence()
    )
    for key, service in (services or {}).items():
        app[key] = service
    client = TestClient(TestServer(app), cookie_jar=CookieJar(unsafe=True))
    await client.start_server()
    return Site(app, client, accounts, key_ring, config, state_dir)


async def close_site(site: Site) -> None:
    await site.client.close()
    site.accounts.close()
