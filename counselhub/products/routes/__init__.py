"""Pages of what services leave in hand."""

from counselhub.products.routes import text_steps, texts
from counselhub.products.routes.blueprint import bp

__all__ = ["bp", "text_steps", "texts"]
