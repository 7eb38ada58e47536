"""Pages of premises: the office's rooms, issues and reports; what a firm sees and sends."""

from counselhub.premises.routes import files, issues, reports, rooms, served, tables
from counselhub.premises.routes.blueprint import bp

__all__ = ["bp", "files", "issues", "reports", "rooms", "served", "tables"]
