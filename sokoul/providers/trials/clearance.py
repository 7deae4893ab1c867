"""Try FlareSolverr."""

from __future__ import annotations

from sokoul.config import providers as settings
from sokoul.providers.clearance import FlareSolverr
from sokoul.providers.trials.trial import PATIENCE, Values, Verdict, completed, way_out


async def flaresolverr(configured: settings.Providers, values: Values) -> Verdict:
    """Ask which sessions it has."""
    given = completed(configured.flaresolverr, values)
    if given.url is None:
        return Verdict(
            ok=False,
            message="There is no address yet.",
            cure="Enter the one of your FlareSolverr, such as http://127.0.0.1:8191.",
        )
    async with way_out(given.url) as http:
        return Verdict(ok=True, message=await FlareSolverr(given.url, http, patience=PATIENCE).check())
