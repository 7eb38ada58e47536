"""Pages of handing over: a change of hands, packs, many changes, promises and groups, history."""

from counselhub.handovers.routes import history, keeping, packs, reassignments, replacements
from counselhub.handovers.routes.blueprint import bp

__all__ = ["bp", "history", "keeping", "packs", "reassignments", "replacements"]
