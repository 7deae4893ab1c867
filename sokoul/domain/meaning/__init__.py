"""What works are about, what a person asks for in their own words, and how far one answers the other."""

from sokoul.domain.meaning.match import Match, Sought, Weights, match
from sokoul.domain.meaning.reading import is_description, read
from sokoul.domain.meaning.story import Story
from sokoul.domain.meaning.wish import By, Wish

__all__ = ["By", "Match", "Sought", "Story", "Weights", "Wish", "is_description", "match", "read"]
