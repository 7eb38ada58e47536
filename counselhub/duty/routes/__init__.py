"""Pages of duty: the lawyer's phone, the desk's list of sessions, online shifts."""

from counselhub.duty.routes import offline, phone, photos, punches, sessions, shifts
from counselhub.duty.routes.blueprint import bp

__all__ = ["bp", "offline", "phone", "photos", "punches", "sessions", "shifts"]
