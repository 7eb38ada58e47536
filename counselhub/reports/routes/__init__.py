"""Routes of the reports; each module adds its own to the one blueprint."""

from counselhub.reports.routes import claims, picture, planned, sheets
from counselhub.reports.routes.blueprint import bp

__all__ = ["bp", "claims", "picture", "planned", "sheets"]
