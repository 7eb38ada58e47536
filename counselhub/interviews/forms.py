"""Forms of interviews."""

from collections.abc import Mapping
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from counselhub.core import paging
from counselhub.core.fields import UpToToday
from counselhub.core.forms import Form, given, revision_of, text
from counselhub.interviews.actions import Entry
from counselhub.interviews.kinds import InterviewReason
from counselhub.interviews.models import Interview
from counselhub.interviews.queries import Choices

NEEDED = InputRequired(_l("请填写"))
CHOSEN = InputRequired(_l("请选择"))
WORDS = Length(max=2000, message=_l("最多2000字"))


class InterviewForm(Form):
    """What was talked over, and what was agreed."""

    revision = HiddenField()
    firm_id = SelectField(_l("律师事务所"), [CHOSEN])
    community_code = SelectField(_l("社区"), [Optional()])
    adviser_id = SelectField(_l("律师"), [Optional()])
    month = StringField(_l("涉及月份"), [Optional(), Length(max=7)])
    held_on = DateField(_l("约谈日期"), [NEEDED, UpToToday()])
    present = StringField(_l("参加人员"), [NEEDED, Length(max=300)])
    reason = RadioField(_l("约谈原因"), [CHOSEN])
    words = TextAreaField(_l("约谈情况"), [NEEDED, WORDS])
    agreed = TextAreaField(_l("约定的整改事项"), [NEEDED, WORDS])
    due_on = DateField(_l("整改期限"), [NEEDED])
    firms: Mapping[str, UUID] = {}
    """The firm of each lawyer that may be chosen."""

    def validate_month(self, field: Field) -> None:
        """Read the month. Raises ValidationError."""
        if paging.month_of(field.data) is None:
            raise ValidationError(_("请写成 2026-10 的样子。"))

    def validate_adviser_id(self, field: Field) -> None:
        """Refuse a lawyer of another firm. Raises ValidationError."""
        if str(self.firms.get(field.data)) != self.firm_id.data:
            raise ValidationError(_("这位律师不在所选的律所，请重新选择。"))

    def entry(self) -> Entry:
        """What was typed, after validation."""
        adviser = text(self.adviser_id)
        return Entry(
            firm_id=UUID(self.firm_id.data),
            community_code=text(self.community_code) or None,
            adviser_id=UUID(adviser) if adviser else None,
            month=paging.month_of(text(self.month)),
            held_on=given(self.held_on),
            present=text(self.present),
            reason=InterviewReason.of(self.reason.data),
            words=text(self.words),
            agreed=text(self.agreed),
            due_on=given(self.due_on),
        )


def interview_form(offered: Choices, values: Mapping[str, object]) -> InterviewForm:
    """Return the form with what may be chosen, filled from `values` unless something was sent."""
    form = InterviewForm(data=values)
    blank = ("", _("（不限）"))
    form.firm_id.choices = [("", _("请选择")), *((str(row), name) for row, name in offered.firms)]
    places = [(one.code, one.short_name) for one in offered.communities]
    form.community_code.choices = [blank, *places]
    form.adviser_id.choices = [blank, *((str(row), name) for row, name, _f in offered.advisers)]
    form.firms = {str(row): firm for row, _name, firm in offered.advisers}
    form.reason.choices = InterviewReason.choices()
    return form


def values_of(row: Interview) -> dict[str, object]:
    """Return what a draft holds, for its form."""
    names = ("revision", "held_on", "present", "reason", "words", "agreed", "due_on")
    return {name: getattr(row, name) for name in names} | {
        "firm_id": str(row.firm_id),
        "community_code": row.community_code or "",
        "adviser_id": str(row.adviser_id or ""),
        "month": f"{row.month:%Y-%m}" if row.month else "",
    }


class WordsForm(Form):
    """Words that go with an act, and the revision that its reader saw."""

    revision = HiddenField()
    words = TextAreaField(_l("说明"), [Optional(), WORDS])

    @property
    def seen(self) -> int | None:
        """The revision as a number, None when none was sent."""
        return revision_of(self.revision)
