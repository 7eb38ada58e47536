"""Sessions of the made-up firm, as duty's tests make them."""

from tests.duty.conftest import close_october, make_session, noon

__all__ = ["close_october", "make_session", "noon"]
