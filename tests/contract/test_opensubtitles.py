"""The key of OpenSubtitles tried against the shipped fake, whose answers are as published."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import jsonschema
import pytest

from sokoul.config.providers import Providers
from sokoul.domain.errors import ProviderUnavailable
from sokoul.providers.trials.subtitles import opensubtitles
from sokoul.testing.fake_opensubtitles import FakeOpenSubtitles
from tests import shared


@pytest.fixture
async def fake() -> AsyncIterator[FakeOpenSubtitles]:
    async with FakeOpenSubtitles() as server:
        yield server


def at(fake: FakeOpenSubtitles, key: str | None = "fake-key") -> Providers:
    return Providers.model_validate({"opensubtitles": {"base_url": fake.url, "api_key": key}})


async def test_a_good_key_is_accepted(fake: FakeOpenSubtitles) -> None:
    assert (await opensubtitles(at(fake), {})).ok
    assert "fake-key" not in str(fake.requests[-1].rel_url)


async def test_a_missing_or_wrong_key_has_its_cure(fake: FakeOpenSubtitles) -> None:
    verdict = await opensubtitles(at(fake, None), {})
    assert (verdict.ok, "opensubtitles.com" in (verdict.cure or "")) == (False, True)
    with pytest.raises(ProviderUnavailable, match="did not accept the key") as caught:
        await opensubtitles(at(fake, "wrong-key"), {})
    assert "wrong-key" not in str(caught.value)


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"{}", b"[" * 100_000, b'{"data": 5}'])
async def test_nonsense_is_kept_out(body: bytes, fake: FakeOpenSubtitles) -> None:
    fake.body = body
    with pytest.raises(ProviderUnavailable, match="did not answer like itself"):
        await opensubtitles(at(fake), {})


@pytest.mark.parametrize("asked", ["/subtitles?imdb_id=1254207", "/subtitles?tmdb_id=1", "/infos/languages"])
async def test_the_fake_answers_as_published(asked: str, fake: FakeOpenSubtitles) -> None:
    spec: dict[str, Any] = json.loads(shared.spec("opensubtitles-rest.openapi.json").read_text())
    async with (
        aiohttp.ClientSession(headers={"Api-Key": "fake-key"}) as http,
        http.get(fake.url + asked) as reply,
    ):
        told = await reply.json()
    answer = spec["paths"][asked.partition("?")[0]]["get"]["responses"]["200"]
    jsonschema.validate(told, answer["content"]["application/json"]["schema"])
    assert told["data"] or "tmdb_id=1" in asked
