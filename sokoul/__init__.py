"""Sokoul, the household's media appliance."""

__version__ = "0.1.0"
