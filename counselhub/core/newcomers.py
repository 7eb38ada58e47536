"""What else there is to do as soon as there is a new firm, in the transaction that makes it.

Features above add their part in `wiring`, so that whoever makes a firm need not know them.
"""

from collections.abc import Callable
from uuid import UUID

from flask import Flask, current_app

Greeting = Callable[[UUID], object]
"""What is done for a firm; doing it again changes nothing."""


def init_app(app: Flask, *greetings: Greeting) -> None:
    """Register what is done for every new firm, in this order."""
    app.extensions["newcomers"] = greetings


def greet(firm_id: UUID) -> None:
    """Do for a firm what is not done yet."""
    for greeting in current_app.extensions["newcomers"]:
        greeting(firm_id)
