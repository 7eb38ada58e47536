"""Pages of receipts: the list, a bank's file, one receipt, suggestions, what is still due."""

from counselhub.receipts.routes import files, lists, one, receivables
from counselhub.receipts.routes.blueprint import bp

__all__ = ["bp", "files", "lists", "one", "receivables"]
