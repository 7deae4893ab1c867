"""The words that a profile is made of, for whoever draws a form of them."""

from __future__ import annotations

from typing import Any

from sokoul.domain.formats import Kind
from sokoul.domain.formats.model import FLAGS, MODIFIERS, RELEASE_TYPES, SOURCES
from sokoul.domain.ladder import QUALITIES
from sokoul.domain.quality import QualityProfile
from sokoul.domain.screen import SCREENS
from sokoul.features.profiles.document import Rules, ScreenBody


def vocabulary() -> dict[str, Any]:
    """Qualities from the worst up, kinds of condition with their words, screens, an empty profile."""
    return {
        "qualities": [{"name": quality.name, "lines": quality.lines} for quality in QUALITIES],
        "kinds": [kind.value for kind in Kind],
        "words": {
            Kind.SOURCE: SOURCES,
            Kind.MODIFIER: MODIFIERS,
            Kind.FLAG: FLAGS,
            Kind.RELEASE_TYPE: RELEASE_TYPES,
            Kind.RESOLUTION: ("480", "576", "720", "1080", "2160"),
        },
        "screens": [
            ScreenBody.model_validate(screen, from_attributes=True).model_dump(mode="json")
            for screen in SCREENS
        ],
        "empty": Rules.of(QualityProfile()).model_dump(mode="json"),
    }
