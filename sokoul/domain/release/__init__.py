"""Release names turned into facts."""

from sokoul.domain.release.model import Release

__all__ = ["Release"]
