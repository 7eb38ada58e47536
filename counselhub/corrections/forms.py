"""Forms of corrections."""

from contextlib import closing
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from wtforms import (
    DateField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from counselhub.core import clock
from counselhub.core.errors import RefusedError
from counselhub.core.forms import Form, given, text
from counselhub.corrections import papers
from counselhub.corrections.actions import Plea
from counselhub.corrections.papers import Paper
from counselhub.corrections.rules import MOST_FILES
from counselhub.duty import queries
from counselhub.duty.desk import Entry
from counselhub.duty.kinds import CorrectionReason
from counselhub.duty.models import DutySession
from counselhub.places.models import short_name

NEEDED = InputRequired(_l("请填写"))
CHOSEN = InputRequired(_l("请选择"))


class CorrectionForm(Form):
    """A session as it should be, and why."""

    revision = HiddenField()
    reason = RadioField(_l("原因"), [CHOSEN])
    community_code = SelectField(_l("社区"), [CHOSEN])
    day = DateField(_l("日期"), [NEEDED])
    signed_in = TimeField(_l("签到"), [NEEDED])
    signed_out = TimeField(_l("签退"), [NEEDED])
    substitute_for_id = SelectField(_l("替班对象"), [Optional()])
    words = TextAreaField(_l("情况说明"), [NEEDED, Length(max=500)])
    files = MultipleFileField(_l("附件"))
    judged: tuple[Paper, ...] = ()
    """What the files hold, after validation; the same one twice is one."""

    def validate_files(self, field: MultipleFileField) -> None:
        """Judge each file by its content. Raises ValidationError naming the first that fails."""
        sent = field.data or []
        if len(sent) > MOST_FILES:
            raise ValidationError(
                _("最多 %(most)d 个附件，您选了 %(count)d 个。", most=MOST_FILES, count=len(sent))
            )
        found: dict[str, Paper] = {}
        for number, file in enumerate(sent, 1):
            try:
                with closing(file):
                    paper = papers.read(file.read(papers.LARGEST_BYTES + 1))
            except RefusedError as refusal:
                raise ValidationError(
                    _("第 %(number)d 个附件：%(why)s", number=number, why=refusal.message)
                ) from refusal
            found.setdefault(paper.digest, paper)
        self.judged = tuple(found.values())

    def plea(self, adviser_id: UUID, session: DutySession | None) -> Plea:
        """What was asked for, after validation; a session stays on its day."""
        stands_in = text(self.substitute_for_id)
        entry = Entry(
            adviser_id=adviser_id,
            community_code=self.community_code.data,
            day=session.day if session else given(self.day),
            signed_in=given(self.signed_in),
            signed_out=given(self.signed_out),
            substitute_for_id=UUID(stands_in) if stands_in else None,
            community_confirmed=False,
            remark=text(self.words),
        )
        return Plea(entry, CorrectionReason(self.reason.data), text(self.words), self.judged)


class AnswerForm(Form):
    """What the manager says to a request."""

    revision = HiddenField()
    answer = StringField(_l("答复"), [Optional(), Length(max=200)])


def correction_form(session: DutySession | None, *, fresh: bool = False) -> CorrectionForm:
    """Return the form with its choices, filled from `session`; fresh: never from what was sent."""
    sent = {"formdata": None} if fresh else {}
    form = CorrectionForm(data=_of(session) if session else {"day": clock.today()}, **sent)
    if session:
        form.day.validators = [Optional()]
    form.reason.choices = CorrectionReason.choices()
    lawyers, served = queries.advisers_and_communities()
    people = [(str(one.id), one.name) for one in lawyers]
    form.substitute_for_id.choices = [("", _("（不是替班）")), *people]
    places = [(one.code, short_name(one.name)) for one in served]
    form.community_code.choices = [("", _("请选择")), *places]
    return form


def _of(session: DutySession) -> dict[str, object]:
    end = session.signed_out_at
    return {
        "revision": session.revision,
        "community_code": session.community_code,
        "day": session.day,
        "signed_in": clock.local(session.signed_in_at).time(),
        "signed_out": clock.local(end).time() if end else None,
        "substitute_for_id": str(session.substitute_for_id or ""),
    }
