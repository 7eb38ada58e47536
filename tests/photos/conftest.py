"""Sessions to photograph."""

from tests.duty.conftest import adviser, close_october, make_session, noon

__all__ = ["adviser", "close_october", "make_session", "noon"]
