"""Try an indexer: Prowlarr, Jackett or Torznab."""

from __future__ import annotations

from typing import Any

from pydantic import SecretStr

from sokoul.config import providers as settings
from sokoul.domain.errors import Invalid
from sokoul.providers.registry import build_indexer
from sokoul.providers.trials.trial import PATIENCE, Values, Verdict, completed, given_text, validated, way_out


async def indexer(configured: settings.Providers, values: Values) -> Verdict:
    """Ask it for something small; what the page leaves out is taken from the configured one of that name."""
    entry = _entry(configured, values).model_copy(update={"timeout": PATIENCE})
    async with way_out(entry.url) as http:
        return Verdict(ok=True, message=await build_indexer(entry, http).check())


def _entry(configured: settings.Providers, values: Values) -> settings.Indexer:
    name = given_text(values, "name") or given_text(values, "type") or "indexer"
    known = next((each for each in configured.indexers if each.name == name), None)
    if known is not None:
        return completed(known, values)
    told: dict[str, Any] = {key: text for key in ("type", "url") if (text := given_text(values, key))}
    if key := given_text(values, "api_key"):
        told["api_key"] = SecretStr(key)
    elif "*" in str(values.get("api_key", "")):
        raise Invalid("api_key", f"there is no key kept for {name}: type it")
    return validated(settings.Indexer, {**told, "name": name})
