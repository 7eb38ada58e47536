"""Pages of duty points: where duty is done, what lawyers propose, the community's codes."""

from counselhub.points.routes import choices, codes, points, proposals, screens
from counselhub.points.routes.blueprint import bp

__all__ = ["bp", "choices", "codes", "points", "proposals", "screens"]
