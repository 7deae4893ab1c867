"""Fixtures of tests that need the whole application."""

from tests.integration.house import house

__all__ = ["house"]
