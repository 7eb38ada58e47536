"""Putting one WSGI application around another."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def put_around(app: Flask, outer: "Callable[[WSGIApplication], WSGIApplication]") -> None:
    """Let `outer` answer before the application and whatever was put around it so far.

    Flask documents the assignment of `wsgi_app`; its types call it a method.
    """
    app.wsgi_app = outer(app.wsgi_app)  # type: ignore[method-assign, assignment]  # as documented
