"""Pages of payment lists: what waits, the lists, their papers, the layout of finance."""

from counselhub.payments.routes import layouts, lists, papers
from counselhub.payments.routes.blueprint import bp

__all__ = ["bp", "layouts", "lists", "papers"]
