"""A request that writes leaves an act, of a kind that has its page: watched in every test."""

import re
from contextvars import ContextVar
from typing import Any

from flask import Flask, Response, request
from sqlalchemy import event
from sqlalchemy.engine import Engine

from counselhub.audit.things import THINGS
from counselhub.core.history import Event

_sent: ContextVar[list[str] | None] = ContextVar("sent", default=None)
WRITING = re.compile(
    r"\b(?:insert into|delete from|(?<!for )update(?!\s+(?:of|set)\b))\s+\"?(\w+)", re.I
)
RECORD = ("INSERT INTO event ", "INSERT INTO account_event ")

WITHOUT_ACT = {
    "workbook.create_trial": "a trial reads the file and changes nothing of the firm's data",
    "factors.create_totp": "a secret counts for nothing until a code confirms it, which is an act",
    "billing.create_event": "Stripe's word, kept as it came; what it changes is an act afterwards",
    "billing.create_refreshing": "asking Stripe changes nothing where both agree",
}
"""Endpoints that may write without an act, each with its reason."""
BOOKKEEPING = (
    "sign_in_session", "sign_in_tries", "factor_tries", "passkey_challenge", "data_key",
    "punch_match", "api_token", "api_answer", "notice", "delivery",
)  # fmt: skip
"""Tables of what the service notes for itself: who is there, how often, until when, what two
records say of one another, when a token was last used, what a program was answered, who was told
of an act, and what goes out."""

WITHOUT_PAGE = {
    "write_off_rule": "a setting, told on the list of what is still due",
    "conflict_check": "a check is a line of the record; what it found is told on its matter",
    "matter_conflict": "told on the page of its matter, and decided there",
    "confirmation_request": "told on the page of its session, or on the list of the month",
    "referral_handover": "told on the page of its referral, and in its record",
    "duty_punch": "a tap is told on the phone that sent it and on the page of its session",
    "point_proposal": "told on the page of its community's duty point",
    "account": "an act on accounts has no row; the search of the record shows it",
    "workbook": "a file is no row: what it changed is told on the row's own record",
    "statement_line": "told on the record of its statement",
}
"""Kinds of things whose acts have no page of their own, each with its reason."""


class UnrecordedError(AssertionError):
    """A request changed the database and nothing tells who did it."""


def _note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
    sent = _sent.get()
    if sent is not None and set(WRITING.findall(statement)) - set(BOOKKEEPING):
        sent.append(statement)


def _has_its_page(_mapper: Any, _connection: Any, act: Event) -> None:
    if act.subject not in {*THINGS, *WITHOUT_PAGE}:
        raise UnrecordedError(f"counselhub/audit/things.py knows no {act.subject}")


def watch(app: Flask) -> None:
    """Fail a request of `app` that was answered below 400, wrote, and recorded nothing.

    Fail an act too whose thing has neither a page in the record nor a reason to have none.
    """
    event.listen(Engine, "before_cursor_execute", _note)
    event.listen(Event, "before_insert", _has_its_page)

    def begin() -> None:
        _sent.set([])

    def end(answer: Response) -> Response:
        sent = _sent.get() or []
        _sent.set(None)
        told = any(act in statement for statement in sent for act in RECORD)
        if sent and not told and answer.status_code < 400 and request.endpoint not in WITHOUT_ACT:
            raise UnrecordedError(f"{request.method} {request.path}: {sent[0][:300]}")
        return answer

    app.before_request_funcs.setdefault(None, []).insert(0, begin)
    app.after_request(end)
