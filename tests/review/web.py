"""What tests of the office's pages share."""

from flask import Flask

from counselhub.review import actions
from tests.factories import Town
from tests.review.factories import Made, at_office, officer

HTMX = {"HX-Request": "true"}


def address(made: Made, *parts: object) -> str:
    return "/".join(["/review", str(made.id), *map(str, parts)])


def first_line(app: Flask, town: Town, made: Made, kind: str = "lecture") -> tuple[str, int]:
    """The id and the revision of a line."""
    with at_office(app, town):
        line = made.lines(kind)[0]
        return str(line.id), line.revision


def revision(app: Flask, town: Town, made: Made) -> int:
    with at_office(app, town):
        return made.get().revision


def approve(app: Flask, town: Town, made: Made) -> None:
    with at_office(app, town):
        checker = officer(town)
        actions.accept_selected(made.get(), [line.id for line in made.lines()], by=checker)
        actions.approve(made.get(), by=checker)
