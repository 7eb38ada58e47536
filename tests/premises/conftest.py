"""A Wednesday of November 2026 in a street where a firm serves two communities."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_office
from counselhub.premises import files, issue_actions
from counselhub.premises.files import Paper
from counselhub.premises.issue_actions import Plan
from counselhub.premises.kinds import IssueKind
from counselhub.premises.models import PremisesIssue
from tests.factories import Town

WEDNESDAY = date(2026, 11, 18)
FRIDAY = date(2026, 11, 20)
PLANNED = date(2026, 12, 10)
PLAN = Plan("没有空房间", "甲社区居委会", "孙某", PLANNED, WEDNESDAY)


def jpeg(shade: int = 120) -> bytes:
    """Return a small photo; another shade is another photo."""
    file = BytesIO()
    Image.new("RGB", (40, 30), (shade, shade, shade)).save(file, "JPEG")
    return file.getvalue()


def scan(words: bytes = b"one") -> bytes:
    """Return what is a PDF to whoever looks at its ends."""
    return b"%PDF-1.4\n" + words + b"\n%%EOF\n"


def paper(shade: int = 120) -> Paper:
    return files.read(jpeg(shade))


def at(day: date, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=clock.SHANGHAI)


@pytest.fixture
def wednesday() -> Iterator[None]:
    """Ten o'clock on the Wednesday."""
    with clock.frozen(at(WEDNESDAY)):
        yield


@pytest.fixture
def checker(town: Town) -> Member:
    """The office's hand for actions that are called directly."""
    return Member(None, "黄经办", Role.CHECKER, town.scope, "测试司法所")


@pytest.fixture
def office(town: Town, context: None) -> Iterator[None]:
    """Inside the office's scope."""
    with as_office(town.street_code):
        yield


@pytest.fixture
def noted(app: Flask, town: Town, checker: Member, wednesday: None) -> PremisesIssue:
    """An issue as it was noted, with its plan, committed; the row is detached."""
    return make(app, town, checker)


def make(
    app: Flask,
    town: Town,
    checker: Member,
    kind: IssueKind = IssueKind.NO_ROOM,
    further: Callable[[PremisesIssue], None] = lambda _issue: None,
) -> PremisesIssue:
    """Note an issue in the first community and commit what `further` does to it."""
    with app.test_request_context(), as_office(town.street_code):
        issue = issue_actions.report(town.communities[0], kind, "走廊接待", by=checker)
        issue_actions.plan(issue, PLAN, by=checker)
        further(issue)
        db.session.commit()
        db.session.refresh(issue)
        db.session.expunge(issue)
    return issue


def days(number: int) -> timedelta:
    return timedelta(days=number)
