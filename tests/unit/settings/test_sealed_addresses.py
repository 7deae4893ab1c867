"""A password inside an address is kept sealed like any other secret."""

from __future__ import annotations

import json

import pytest

from sokoul.features.settings import sealed


class Box:
    """Seals by turning round."""

    def seal(self, text: str, place: str) -> str:
        return text[::-1]

    def open(self, text: str, place: str) -> str:
        return text[::-1]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("oracle.endpoint", "https://sokoul:canary@model.example/v1"),
        ("oracle.endpoint", "https://canary@model.example/v1"),
        ("providers.consumet.url", "https://streams.example/api?apikey=canary"),
        ("http.cors_origins", ["https://one.example", "https://a:canary@two.example"]),
    ],
)
def test_a_password_in_an_address_is_sealed(key: str, value: object) -> None:
    closed = sealed.closed(key, value, Box())
    assert "canary" not in json.dumps(closed)
    assert sealed.opened({key: closed}, Box()) == ({key: value}, {})


def test_an_address_without_one_stays_readable() -> None:
    assert sealed.closed("oracle.endpoint", "http://host:8080/v1", Box()) == "http://host:8080/v1"
