"""Keys that are taken without having an effect are named to whoever sets them."""

from __future__ import annotations

from sokoul.config.model import Config
from sokoul.config.reserved import RESERVED, without_effect


def test_the_defaults_are_no_surprise() -> None:
    assert without_effect(Config()) == []


def test_what_is_set_in_vain_is_named() -> None:
    config = Config.model_validate(
        {
            "vpn": {"config": "wg.conf"},
            "sentinel": {"interval": 5, "thresholds": {"cpu_percent": 10, "disk_free_percent": 5}},
            "providers": {
                "opensubtitles": {"api_key": "secret"},
                "indexers": [{"name": "x", "type": "torznab", "url": "http://nas:1/api", "via": "vpn"}],
            },
        }
    )
    assert without_effect(config) == [
        "providers.indexers[].via",
        "providers.opensubtitles",
        "sentinel.thresholds.cpu_percent",
        "vpn",
    ]


def test_every_reserved_key_is_one_of_the_contract() -> None:
    for key in RESERVED:
        place: object = Config()
        for part in key.split("."):
            place = getattr(place, part)
