"""Try a Consumet-compatible server."""

from __future__ import annotations

from sokoul.config import providers as settings
from sokoul.providers.consumet.client import Consumet, ConsumetConfig
from sokoul.providers.trials.trial import PATIENCE, Values, Verdict, completed, way_out


async def consumet(configured: settings.Providers, values: Values) -> Verdict:
    """Ask it for a film that everybody knows."""
    given = completed(configured.consumet, values)
    if given.url is None:
        return Verdict(ok=False, message="There is no address yet.", cure="Enter that of your own server.")
    async with way_out(given.url) as http:
        config = ConsumetConfig(given.url, given.provider, timeout=PATIENCE)
        return Verdict(ok=True, message=await Consumet(config, http).check())
