"""Forms of cover and of absences."""

from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, StringField, TextAreaField, validators
from wtforms.validators import InputRequired, Length, Optional

from counselhub.core.forms import Form, text
from counselhub.cover.absence_actions import Telling
from counselhub.cover.kinds import CoverWhy, ReasonCode
from counselhub.cover.models import AbsenceReason

NEEDED = InputRequired(_l("请填写"))
CHOSEN = InputRequired(_l("请选择"))


class RevisionForm(Form):
    """The revision of the thing that the page showed."""

    revision = HiddenField()


class AskForm(Form):
    """Why somebody is wanted in place of a slot's adviser."""

    why = RadioField(_l("为什么去不了"), [CHOSEN])
    words = StringField(_l("给同事的话"), [Optional(), Length(max=200)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the codes in the reader's language."""
        super().__init__(*args, **kwargs)
        self.why.choices = CoverWhy.choices()


class AppointForm(RevisionForm):
    """Whom the desk chooses."""

    adviser_id = HiddenField(validators=[CHOSEN, validators.UUID()])

    @property
    def chosen(self) -> UUID:
        """The colleague, after validation."""
        return UUID(text(self.adviser_id))


class KnowForm(RevisionForm):
    """The change that a community knows of."""

    cover_id = HiddenField(validators=[CHOSEN, validators.UUID()])


class ReasonForm(RevisionForm):
    """Why a slot was missed or short."""

    code = RadioField(_l("原因"), [CHOSEN])
    words = TextAreaField(_l("说明"), [Optional(), Length(max=500)])
    evidence = TextAreaField(_l("证明材料"), [Optional(), Length(max=500)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the codes in the reader's language."""
        super().__init__(*args, **kwargs)
        self.code.choices = ReasonCode.choices()

    @property
    def told(self) -> Telling:
        """What was written, after validation."""
        return Telling(text(self.code), text(self.words), text(self.evidence))


def reason_form(reason: AbsenceReason | None, *, fresh: bool = False) -> ReasonForm:
    """Return what was sent; fresh: the form as the reason now is, or empty."""
    if not fresh:
        return ReasonForm()
    names = ("revision", "code", "words", "evidence")
    return ReasonForm(
        formdata=None, data={name: getattr(reason, name) for name in names} if reason else {}
    )


class JudgeForm(RevisionForm):
    """Whether a reason stands."""

    verdict = RadioField(_l("审核"), [CHOSEN])
    words = TextAreaField(_l("审核意见"), [Optional(), Length(max=500)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the two verdicts in the reader's language."""
        super().__init__(*args, **kwargs)
        self.verdict.choices = [
            ("accept", _l("成立，不计缺勤")),
            ("refuse", _l("不成立，计入缺勤")),
        ]


class AnswerForm(Form):
    """What is done about an adviser with too many absences."""

    adviser_id = HiddenField(validators=[CHOSEN, validators.UUID()])
    contract_id = HiddenField(validators=[CHOSEN, validators.UUID()])
    words = TextAreaField(_l("处理意见"), [NEEDED, Length(max=500)])
