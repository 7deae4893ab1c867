"""Try the household's key of a debrid service."""

from __future__ import annotations

from sokoul.config import providers as settings
from sokoul.domain.debrid import Service
from sokoul.providers.debrid.pace import NoLimits
from sokoul.providers.debrid.registry import DebridClients
from sokoul.providers.trials.trial import Values, Verdict, completed, way_out


async def real_debrid(configured: settings.Providers, values: Values) -> Verdict:
    """Ask whose key it is."""
    given = completed(configured.debrid.real_debrid, values)
    return await _ask(Service.REAL_DEBRID, given, "Copy your token from real-debrid.com/apitoken.")


async def all_debrid(configured: settings.Providers, values: Values) -> Verdict:
    """Ask whose key it is."""
    given = completed(configured.debrid.all_debrid, values)
    return await _ask(Service.ALL_DEBRID, given, "Make one at alldebrid.com/apikeys.")


async def _ask(service: Service, given: settings.RealDebrid | settings.AllDebrid, cure: str) -> Verdict:
    if given.api_key is None:
        return Verdict(ok=False, message="There is no key yet.", cure=cure)
    limits = NoLimits()
    async with way_out(given.base_url) as http:
        clients = DebridClients(http, {service: given.base_url}, limits, limits)
        account = await clients.client(service, given.api_key.get_secret_value()).account()
    return Verdict(ok=account.premium, message=account.told(service), cure=account.cure(service))
