"""The Test button of the folders says what is wrong, and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from sokoul.app import trying
from sokoul.config.model import Config
from sokoul.domain.errors import Invalid


def _config(folder: Path) -> Config:
    return Config.model_validate(
        {
            "state_dir": folder,
            "library": {"movies": folder / "movies", "series": folder / "series"},
            "torrent": {"directory": folder / "downloads"},
        }
    )


async def test_folders_that_can_be_made_are_good(tmp_path: Path) -> None:
    verdict = await trying.tester(lambda: _config(tmp_path)).test(
        "folders", {"movies": str(tmp_path / "new" / "films")}
    )
    assert verdict.ok
    assert "GB free" in verdict.message
    assert not (tmp_path / "new").exists()


async def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    verdict = await trying.tester(lambda: _config(tmp_path)).test(
        "folders", {"series": str(tmp_path / "file" / "x")}
    )
    assert not verdict.ok
    assert verdict.message == f"{tmp_path / 'file'} is a file."
    assert verdict.cure


@pytest.mark.parametrize("path", ["a\0b", "x" * 5000])
async def test_what_is_no_path_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(Invalid):
        await trying.tester(lambda: _config(tmp_path)).test("folders", {"movies": path})
