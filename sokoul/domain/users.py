"""Who uses Sokoul, and how far each role reaches."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import StrEnum


class UserRole(StrEnum):
    """Each role may do what those before it may."""

    USER = "user"
    MODERATOR = "moderator"
    ADMIN = "admin"

    def reaches(self, needed: UserRole) -> bool:
        """Whether this role may do what `needed` may."""
        return _RANK[self] >= _RANK[needed]


_RANK = {UserRole.USER: 0, UserRole.MODERATOR: 1, UserRole.ADMIN: 2}


@dataclass(frozen=True, slots=True)
class User:
    """A signed-in person."""

    id: uuid.UUID
    username: str
    email: str
    role: UserRole

    @property
    def moderates(self) -> bool:
        """May see what others do: moderators and admins."""
        return self.role.reaches(UserRole.MODERATOR)
