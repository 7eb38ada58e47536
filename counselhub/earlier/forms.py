"""Forms of late entries."""

from contextlib import closing
from datetime import datetime, time
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from wtforms import (
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from counselhub.claims.kinds import AgreementForm, Difficulty
from counselhub.core import clock
from counselhub.core.errors import RefusedError
from counselhub.core.forms import Form, RevisionForm, given, text
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.corrections import papers
from counselhub.corrections.papers import Paper
from counselhub.earlier.actions import Entry, Plea
from counselhub.earlier.kinds import MOST_FILES, LateKind, LateReason
from counselhub.earlier.queries import advisers_and_communities
from counselhub.places.models import short_name

NEEDED = InputRequired(_l("请填写"))
CHOSEN = InputRequired(_l("请选择"))


class LateForm(Form):
    """What every late entry says."""

    community_code = SelectField(_l("社区"), [CHOSEN])
    adviser_id = SelectField(_l("律师"), [CHOSEN])
    day = DateField(_l("日期"), [NEEDED])
    reason = RadioField(_l("当时没有登记的原因"), [CHOSEN])
    words = TextAreaField(_l("情况说明"), [NEEDED, Length(max=500)])
    files = MultipleFileField(_l("佐证"))
    judged: tuple[Paper, ...] = ()
    """What the files hold, after validation; the same one twice is one."""

    def validate_files(self, field: MultipleFileField) -> None:
        """Judge each file by its content. Raises ValidationError naming the first that fails."""
        sent = [file for file in field.data or [] if file]
        if not sent:
            raise ValidationError(_("请至少附一个佐证：照片或扫描件。"))
        if len(sent) > MOST_FILES:
            raise ValidationError(
                _("最多 %(most)d 个附件，您选了 %(count)d 个。", most=MOST_FILES, count=len(sent))
            )
        found: dict[str, Paper] = {}
        for number, file in enumerate(sent, 1):
            paper = _paper(number, file)
            found.setdefault(paper.digest, paper)
        self.judged = tuple(found.values())

    def details(self) -> dict[str, Any]:
        """What its kind adds, after validation."""
        return {}

    def plea(self, kind: LateKind) -> Plea:
        """What was asked for, after validation."""
        entry = Entry(
            kind=kind,
            community_code=self.community_code.data,
            day=given(self.day),
            adviser_id=UUID(text(self.adviser_id)),
            **self.details(),
        )
        return Plea(entry, LateReason(self.reason.data), text(self.words), self.judged)


def _paper(number: int, file: Any) -> Paper:
    try:
        with closing(file):
            return papers.read(file.read(papers.LARGEST_BYTES + 1))
    except RefusedError as refusal:
        raise ValidationError(
            _("第 %(number)d 个附件：%(why)s", number=number, why=refusal.message)
        ) from refusal


class VisitForm(LateForm):
    """A visit that was never recorded."""

    signed_in = TimeField(_l("到岗"), [NEEDED])
    signed_out = TimeField(_l("离岗"), [NEEDED])

    def validate_signed_out(self, field: TimeField) -> None:
        """Refuse an end that is not after the begin. Raises ValidationError."""
        begin: time | None = self.signed_in.data
        if begin is not None and field.data is not None and field.data <= begin:
            raise ValidationError(_("离岗时间须晚于到岗时间。"))

    def details(self) -> dict[str, Any]:
        """Both instants of the day."""
        begin, end = self._at(self.signed_in), self._at(self.signed_out)
        return {"signed_in_at": begin, "signed_out_at": end}

    def _at(self, field: TimeField) -> datetime:
        return clock.instant(given(self.day), given(field))


class LectureForm(LateForm):
    """A lecture that was never recorded."""

    times = IntegerField(
        _l("场次"), [NEEDED, NumberRange(1, 99, _l("请填 1 到 99 之间的整数"))], default=1
    )

    def details(self) -> dict[str, Any]:
        """How many."""
        return {"times": self.times.data}


class CaseForm(LateForm):
    """A case that was not claimed in time."""

    case_number = StringField(_l("案件编号"), [NEEDED, Length(max=60)])
    difficulty = SelectField(_l("难易等级"), [CHOSEN])
    form = RadioField(_l("协议形式"), [CHOSEN])

    def details(self) -> dict[str, Any]:
        """Number, class and form of the agreement."""
        names = ("case_number", "difficulty", "form")
        return {name: text(self[name]) for name in names}


FORMS: dict[LateKind, type[LateForm]] = {
    LateKind.VISIT: VisitForm,
    LateKind.LECTURE: LectureForm,
    LateKind.CASE: CaseForm,
}


def late_form(kind: LateKind, by: Member) -> LateForm:
    """Return the form of a kind with its choices; a lawyer enters for himself."""
    form = FORMS[kind]()
    form.reason.choices = LateReason.choices()
    lawyers, served = advisers_and_communities()
    own = by.adviser_id if by.role is Role.ADVISER else None
    form.adviser_id.choices = [
        (str(one.id), one.name) for one in lawyers if own is None or one.id == own
    ]
    places = [(one.code, short_name(one.name)) for one in served]
    form.community_code.choices = [("", _("请选择")), *places]
    if isinstance(form, CaseForm):
        form.difficulty.choices = Difficulty.choices()
        form.form.choices = AgreementForm.choices()
    return form


class AnswerForm(RevisionForm):
    """What the manager says to it."""

    answer = StringField(_l("答复"), [Optional(), Length(max=200)])
