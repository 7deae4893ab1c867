"""Try the key of OpenSubtitles."""

from __future__ import annotations

import json

from sokoul.config import providers as settings
from sokoul.domain.errors import ProviderUnavailable
from sokoul.providers.fetch import fetch
from sokoul.providers.refusals import http_refusal
from sokoul.providers.trials.trial import PATIENCE, Values, Verdict, completed, way_out

NAME = "OpenSubtitles"


async def opensubtitles(configured: settings.Providers, values: Values) -> Verdict:
    """Ask with the key for the subtitles of a film that everybody knows."""
    given = completed(configured.opensubtitles, values)
    if given.api_key is None:
        return Verdict(
            ok=False, message="There is no key yet.", cure="Get a free one at opensubtitles.com, Consumers."
        )
    async with way_out(given.base_url) as http:
        reply = await fetch(
            http,
            NAME,
            f"{given.base_url.rstrip('/')}/subtitles",
            parameters=[("imdb_id", "1254207"), ("languages", "en")],
            headers={"Api-Key": given.api_key.get_secret_value(), "Accept": "application/json"},
            timeout=PATIENCE,
        )
    if reply.status >= 400:
        raise http_refusal(reply.status, NAME)
    if not _lists(reply.body):
        raise ProviderUnavailable(f"{NAME} did not answer like itself", cure="Check its `base_url`.")
    return Verdict(ok=True, message="OpenSubtitles accepts the key.")


def _lists(body: bytes) -> bool:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return False
    return isinstance(told, dict) and isinstance(told.get("data"), list)
