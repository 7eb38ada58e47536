"""Pages of duty: the lawyer's phone, the desk's list of sessions, online shifts."""

from counselhub.duty.routes import phone, punches, sessions, shifts
from counselhub.duty.routes.blueprint import bp

__all__ = ["bp", "phone", "punches", "sessions", "shifts"]
