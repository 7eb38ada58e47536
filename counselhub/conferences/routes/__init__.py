"""Pages of conferences."""

from counselhub.conferences.routes import files, pages, planning, steps, tasks
from counselhub.conferences.routes.blueprint import bp

__all__ = ["bp", "files", "pages", "planning", "steps", "tasks"]
