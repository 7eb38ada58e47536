"""The pages of cover: the lawyer's slots, the desk's requests, absences and their reminders."""

from counselhub.cover.routes import absences, phone, requests
from counselhub.cover.routes.blueprint import bp

__all__ = ["absences", "bp", "phone", "requests"]
