"""Pages of planned duty: terms of contracts, the month, one slot, holidays, feeds."""

from counselhub.roster.routes import feeds, holidays, month, slots, terms
from counselhub.roster.routes.blueprint import bp

__all__ = ["bp", "feeds", "holidays", "month", "slots", "terms"]
