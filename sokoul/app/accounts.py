"""The parts of accounts."""

from __future__ import annotations

import ipaddress
import sys
from contextlib import AsyncExitStack

from sokoul.app.foundation import Foundation
from sokoul.config.model import Config
from sokoul.features.accounts.api_keys import ApiKeys
from sokoul.features.accounts.passwords import Passwords
from sokoul.features.accounts.service import AccountService
from sokoul.features.accounts.sessions import Sessions
from sokoul.features.accounts.setup_code import SetupCode
from sokoul.store.accounts import ApiKeyStore, SessionStore, UserStore
from sokoul.web.signing import KeyRing


def service(base: Foundation, ring: KeyRing, stack: AsyncExitStack) -> AccountService:
    """The one account service of this process."""
    passwords = Passwords()
    stack.callback(passwords.close)
    return AccountService(
        UserStore(base.database),
        Sessions(SessionStore(base.database), ring, alarm=base.bus),
        ApiKeys(ApiKeyStore(base.database)),
        passwords,
        SetupCode(base.config.state_dir / "setup-code", required=_code_required(base.config)),
        registration_open=base.config.accounts.registration == "open",
    )


async def offer_setup(accounts: AccountService) -> None:
    """Show the one-time code to whoever sits at the terminal; it is never logged."""
    code = await accounts.prepare_setup()
    if code is not None and sys.stderr.isatty():
        sys.stderr.write(f"The code for the first account: {code}\n")


def _code_required(config: Config) -> bool:
    wish = config.accounts.setup_code
    if wish != "auto":
        return wish == "required"
    try:
        return not ipaddress.ip_address(config.http.host).is_loopback
    except ValueError:
        return config.http.host != "localhost"
