"""Pages of party-building pairings: agreements, lists, years, activities, studios, government."""

from counselhub.pairings.routes import (
    activities,
    lists,
    moves,
    pairings,
    photos,
    plan,
    shared,
    studios,
)
from counselhub.pairings.routes.blueprint import bp

__all__ = [
    "activities",
    "bp",
    "lists",
    "moves",
    "pairings",
    "photos",
    "plan",
    "shared",
    "studios",
]
