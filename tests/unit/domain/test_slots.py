"""Which slot a release would fill, where a title is kept in several versions."""

from __future__ import annotations

import pytest

from sokoul.domain.quality import QualityProfile, Step, Upgrades
from sokoul.domain.release import parse
from sokoul.domain.slots import SlotRules, assigned, enough, slot_for

HD = SlotRules("1080p", QualityProfile("hd", minimum=720, cutoff=1080))
UHD = SlotRules("4K", QualityProfile("uhd", minimum=2160, cutoff=2160))
BOTH = [HD, UHD]
LOW, HIGH, FULL, BETTER = (
    parse(f"Film.2020.{what}-G") for what in ("720p.WEB-DL", "1080p.WEB-DL", "2160p.WEB-DL", "2160p.BluRay")
)


@pytest.mark.parametrize(
    ("copies", "release", "slot"),
    [
        ([], HIGH, "1080p"),
        ([], FULL, "4K"),
        ([HIGH], FULL, "4K"),
        ([FULL], HIGH, "1080p"),
        ([LOW], HIGH, "1080p"),
        ([HIGH], HIGH, None),
        ([FULL], FULL, None),
        ([FULL], BETTER, None),  # the target is met; a slot for less is not filled with it
        ([HIGH, FULL], LOW, None),
        ([], parse("Film.2020.480p.DVDRip-G"), None),
    ],
)
def test_a_release_goes_where_it_is_of_use(copies: list, release: object, slot: str | None) -> None:  # type: ignore[type-arg]
    assert slot_for(BOTH, copies, release) == slot  # type: ignore[arg-type]


def test_each_file_lies_in_one_slot() -> None:
    assert assigned(BOTH, [HIGH, FULL]) == {"1080p": 0, "4K": 1}
    assert assigned(BOTH, [LOW, HIGH]) == {"1080p": 1}
    assert assigned(BOTH, [FULL]) == {"4K": 0}


def test_a_ladder_decides_by_its_steps_and_upgrades_can_be_off() -> None:
    steps = (Step("720", ("WEBDL-720p",)), Step("web", ("WEBDL-1080p",)), Step("disc", ("Bluray-1080p",)))
    ladder = QualityProfile("ladder", minimum=0, steps=steps, until="disc")
    disc = parse("Film.2020.1080p.BluRay-G")
    assert slot_for([SlotRules("one", ladder)], [HIGH], disc) == "one"
    assert slot_for([SlotRules("one", ladder)], [disc], HIGH) is None
    assert (enough(ladder, HIGH), enough(ladder, disc)) == (False, True)
    still = QualityProfile("ladder", minimum=0, steps=steps, until="disc", upgrades=Upgrades(allowed=False))
    assert slot_for([SlotRules("one", still)], [HIGH], disc) is None
