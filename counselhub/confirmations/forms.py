"""Forms of confirmations: the community's answer, what came of a dispute."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired, Length

from counselhub.confirmations.answering import Word
from counselhub.confirmations.kinds import Answer, Office
from counselhub.core.errors import RefusedError
from counselhub.core.forms import Form
from counselhub.core.personal_fields import NameField
from counselhub.duty.models import DutySession

LONGEST_WORDS = 300


class AnswerForm(Form):
    """Who answers; what is said of each session comes beside it."""

    office = RadioField(_l("您的身份"), [InputRequired(_l("请选择"))])
    name = NameField(_l("您的姓名"), [InputRequired(_l("请填写"))])


def answer_form(*, fresh: bool = False) -> AnswerForm:
    """Return the form with its choices; fresh: never from what was sent."""
    form = AnswerForm(**({"formdata": None} if fresh else {}))
    form.office.choices = Office.choices()
    return form


class SettleForm(Form):
    """What came of a dispute."""

    settled = StringField(_l("处理结果"), [InputRequired(_l("请填写")), Length(max=LONGEST_WORDS)])


def said(sessions: Sequence[DutySession]) -> Mapping[UUID, Word]:
    """Return what the request says of the sessions that it was asked about.

    Raises RefusedError for a dispute without words, or too many of them.
    """
    found = {}
    for session in sessions:
        given = request.form.get(f"answer-{session.id}", "")
        if given not in {one.value for one in Answer}:
            continue
        words = request.form.get(f"words-{session.id}", "").strip()
        answer = Answer.of(given)
        if answer is Answer.DISPUTED and not words:
            raise RefusedError(_("选择“与实际不符”的，请写明哪里不符。"))
        if len(words) > LONGEST_WORDS:
            raise RefusedError(_("说明最多%(most)d个字。", most=LONGEST_WORDS))
        revision = request.form.get(f"revision-{session.id}", "")
        sent = int(revision) if revision.isdecimal() and len(revision) < 19 else None
        found[session.id] = Word(answer, words if answer is Answer.DISPUTED else "", sent)
    return found
