"""Custom formats: named sets of conditions on a release, worth points in a profile."""

from __future__ import annotations

from sokoul.domain.formats.match import Described, format_score, matches
from sokoul.domain.formats.model import Condition, CustomFormat, Kind
from sokoul.domain.formats.pattern import BadPattern, Pattern, pattern

__all__ = [
    "BadPattern",
    "Condition",
    "CustomFormat",
    "Described",
    "Kind",
    "Pattern",
    "format_score",
    "matches",
    "pattern",
]
