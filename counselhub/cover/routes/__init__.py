"""The pages of cover: the lawyer's slots, the desk's requests, absences, what communities see."""

from counselhub.cover.routes import absences, community, pages, phone, requests
from counselhub.cover.routes.blueprint import bp

__all__ = ["absences", "bp", "community", "pages", "phone", "requests"]
