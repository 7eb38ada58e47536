"""Pages of spot checks: the office's desk and phone, the firm's results."""

from counselhub.spotchecks.routes import checks, draws, photos, results
from counselhub.spotchecks.routes.blueprint import bp

__all__ = ["bp", "checks", "draws", "photos", "results"]
