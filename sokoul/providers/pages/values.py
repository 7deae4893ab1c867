"""What goes into a definition's placeholders, and sizes and dates as pages write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from sokoul.features.search.ports import Query

_SIZE: Final = re.compile(
    r"(\d{1,12}(?:[.,]\d{1,3})?)\s*([kmgt]?)(i?)(?:b|o|bytes?|octets?)?\s*", re.IGNORECASE
)
_POWERS: Final = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4}


def asked(query: Query, text: str) -> dict[str, str]:
    """The placeholders of a question asked in the words `text`."""
    year = f" {query.year}" if query.year is not None else ""
    title = text.removesuffix(year) if year else text
    numbers = {"season": query.season, "episode": query.episode, "year": query.year, "tmdb": query.tmdb_id}
    return {
        "title": title,
        "query": f"{text} {_numbering(query)}".strip(),
        "imdb": query.imdb_id or "",
        **{name: str(number) for name, number in numbers.items() if number is not None},
    }


def size(text: str) -> int | None:
    """Bytes from `734003200`, `1.4 GB`, `700 Mo`, `1,2 GiB`; None where it is no size."""
    found = _SIZE.fullmatch(text.replace("\xa0", " ").strip())
    if found is None:
        return None
    base = 1024 if found[3] else 1000
    value = int(float(found[1].replace(",", ".")) * base ** _POWERS[found[2].lower()])
    return value if 0 < value < 2**53 else None


def date(text: str) -> datetime | None:
    """A moment from ISO 8601, seconds since 1970, or the form of mail; None where it is none."""
    try:
        if text.isdecimal() and len(text) > 8:
            return datetime.fromtimestamp(int(text), UTC)
        found = datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        try:
            found = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def _numbering(query: Query) -> str:
    if query.season is None:
        return ""
    return f"S{query.season:02d}" + (f"E{query.episode:02d}" if query.episode is not None else "")
