"""Pages of the review: the inbox, a statement with its lines, threads, and the office's setting."""

from counselhub.review.routes import lines, setting, statements, threads
from counselhub.review.routes.blueprint import bp

__all__ = ["bp", "lines", "setting", "statements", "threads"]
