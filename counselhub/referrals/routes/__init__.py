"""Pages of referrals and teams."""

from counselhub.referrals.routes import after, boards, handing, offers, pages, rules, steps, teams
from counselhub.referrals.routes.blueprint import bp

__all__ = ["after", "boards", "bp", "handing", "offers", "pages", "rules", "steps", "teams"]
