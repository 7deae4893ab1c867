"""Secrets at rest open with their own key, in their own place, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from sokoul.sealing import FILE, NotReadable, Vault


def test_only_its_key_and_its_place_open_a_secret(tmp_path: Path) -> None:
    vault = Vault.load(tmp_path)
    sealed = vault.seal("canary-ключ", "providers.tmdb.api_key")
    assert "canary" not in sealed
    assert vault.seal("canary-ключ", "providers.tmdb.api_key") != sealed
    assert Vault.load(tmp_path).open(sealed, "providers.tmdb.api_key") == "canary-ключ"
    with pytest.raises(NotReadable, match="changed"):
        vault.open(sealed, "providers.omdb.api_key")
    with pytest.raises(NotReadable, match="changed"):
        vault.open(sealed[:-4] + "AAAA", "providers.tmdb.api_key")
    (tmp_path / "other").mkdir()
    with pytest.raises(NotReadable, match="another key"):
        Vault.load(tmp_path / "other").open(sealed, "providers.tmdb.api_key")


@pytest.mark.parametrize("text", ["", "plain", "sealed1", "sealed1.x", "sealed1.x.y", "sealed2.a.b"])
def test_what_is_no_sealed_text_is_said_to_be_none(tmp_path: Path, text: str) -> None:
    with pytest.raises(NotReadable):
        Vault.load(tmp_path).open(text, "x")


def test_the_key_is_for_its_owner_alone(tmp_path: Path) -> None:
    Vault.load(tmp_path)
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600


def test_a_damaged_key_is_no_reason_for_a_new_one(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"c2hvcnQ=\n")
    with pytest.raises(NotReadable, match="damaged"):
        Vault.load(tmp_path)
