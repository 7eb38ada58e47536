"""Pages of planned duty: terms of contracts, the month, one slot, holidays, feeds."""

from counselhub.roster.routes import extras, feeds, holidays, month, slots, terms
from counselhub.roster.routes.blueprint import bp

__all__ = ["bp", "extras", "feeds", "holidays", "month", "slots", "terms"]
