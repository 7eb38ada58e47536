"""Pages of the two ledgers: the office's desk, the firm's answers, the sheet of both."""

from counselhub.ledgers.routes import differences, firm, imports, sheets
from counselhub.ledgers.routes.blueprint import bp

__all__ = ["bp", "differences", "firm", "imports", "sheets"]
