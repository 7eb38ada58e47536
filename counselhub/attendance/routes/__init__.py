"""Pages of attendance."""

from counselhub.attendance.routes import checks, files, link, people
from counselhub.attendance.routes.blueprint import bp

__all__ = ["bp", "checks", "files", "link", "people"]
