"""What a language model thinks of a release, and how little that may move."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from sokoul.domain.offer import Judged, Reason, Refusal
from sokoul.domain.words import Phrase, phrase

MOST_GAINED: Final = 5
MOST_LOST: Final = 10
# From here on the rules are sure of the work; a model alone turns nothing down then.
SURE: Final = 0.9
# Percent from which a model's "no" counts where the rules are unsure.
CONVINCED: Final = 80
_BEST: Final = 100


@dataclass(frozen=True, slots=True)
class Opinion:
    """Whether a release is the work wanted, how sure the model is in percent, and its sentence."""

    match: bool
    confidence: int
    reason: str


def weigh(judged: Judged, opinion: Opinion) -> Judged:
    """The release with the model's share in it; what the rules turned down stays so.

    The share is a reason of its own, from -10 to +5 points, so the points still add up to the score. Only
    where the rules themselves are unsure does a convinced "no" turn the release down.
    """
    if judged.rejected:
        return judged
    if not opinion.match and opinion.confidence >= CONVINCED and judged.confidence < SURE:
        return replace(judged, score=0, reasons=(), refusals=(Refusal(_turned_down(opinion)),))
    points = _share(judged.score, opinion)
    share = Reason(points, _said(opinion))
    return replace(judged, score=judged.score + points, reasons=(*judged.reasons, share))


def _share(score: int, opinion: Opinion) -> int:
    """In proportion to its confidence, within 0 to 100 points in all."""
    most = MOST_GAINED if opinion.match else -MOST_LOST
    points = round(most * opinion.confidence / 100)
    return max(-score, min(points, max(0, _BEST - score)))


def _said(opinion: Opinion) -> Phrase:
    if not opinion.reason:
        return phrase("model.silent")
    return phrase("model.fits" if opinion.match else "model.differs", said=opinion.reason)


def _turned_down(opinion: Opinion) -> Phrase:
    if not opinion.reason:
        return phrase("model.another_silent")
    return phrase("model.another", said=opinion.reason)
