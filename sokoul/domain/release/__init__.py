"""Release names turned into facts."""

from sokoul.domain.release.model import Release
from sokoul.domain.release.parse import parse
from sokoul.domain.release.present import as_json

__all__ = ["Release", "as_json", "parse"]
