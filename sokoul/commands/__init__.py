"""The commands of the `sokoul` program that need no daemon."""
