"""Pages of what services leave in hand."""

from counselhub.products.routes import (
    checklists,
    checkup_steps,
    checkups,
    documents,
    lectures,
    text_steps,
    texts,
)
from counselhub.products.routes.blueprint import bp

__all__ = [
    "bp",
    "checklists",
    "checkup_steps",
    "checkups",
    "documents",
    "lectures",
    "text_steps",
    "texts",
]
