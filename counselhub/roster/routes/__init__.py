"""Pages of planned duty: terms of contracts, the month, one slot, holidays, feeds."""

from counselhub.roster.routes import holidays, month, slots, terms
from counselhub.roster.routes.blueprint import bp

__all__ = ["bp", "holidays", "month", "slots", "terms"]
