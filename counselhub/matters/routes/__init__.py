"""Pages of matters: lists and checks, one matter, what the manager decides."""

from counselhub.matters.routes import checks, conflicts, lists, matter, parts, walls
from counselhub.matters.routes.blueprint import bp

__all__ = ["bp", "checks", "conflicts", "lists", "matter", "parts", "walls"]
