"""The one-time code for the first account."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from sokoul.domain.errors import Forbidden, TooMany
from sokoul.features.accounts.setup_code import SetupCode


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_it_is_made_once_closed_and_kept_over_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "state" / "setup-code"
    code = SetupCode(file, required=True).prepare()
    assert code is not None
    assert len(code.replace("-", "")) == 12
    assert file.read_text().strip() == code
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.chmod(0o644)
    assert SetupCode(file, required=True).prepare() == code
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    other = SetupCode(tmp_path / "other", required=True).prepare()
    assert other != code


def test_none_is_made_where_none_is_asked_for(tmp_path: Path) -> None:
    code = SetupCode(tmp_path / "setup-code", required=False)
    assert code.prepare() is None
    code.check(None)
    assert list(tmp_path.iterdir()) == []


def test_five_wrong_ones_close_it_for_a_quarter_of_an_hour(tmp_path: Path) -> None:
    clock = Clock()
    code = SetupCode(tmp_path / "setup-code", required=True, clock=clock)
    right = code.prepare()
    for _ in range(5):
        with pytest.raises(Forbidden):
            code.check("AAAA-AAAA-AAAA")
    clock.now = 899
    with pytest.raises(TooMany) as full:
        code.check(right)
    assert 0 < full.value.retry_after <= 1
    clock.now = 901
    code.check(right)
    code.used()
    assert not (tmp_path / "setup-code").exists()


def test_a_code_that_was_taken_away_is_never_empty(tmp_path: Path) -> None:
    code = SetupCode(tmp_path / "setup-code", required=True)
    code.prepare()
    (tmp_path / "setup-code").write_text("")
    with pytest.raises(Forbidden):
        code.check("")
    (tmp_path / "setup-code").unlink()
    with pytest.raises(Forbidden):
        code.check(None)
