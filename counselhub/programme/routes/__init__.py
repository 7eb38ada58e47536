"""Routes of the programme's report; each module adds its own to the one blueprint."""

from counselhub.programme.routes import report, templates
from counselhub.programme.routes.blueprint import bp

__all__ = ["bp", "report", "templates"]
