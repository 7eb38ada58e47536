"""Forms of leave."""

from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, SelectField, StringField, TextAreaField, TimeField
from wtforms.validators import InputRequired, Length, Optional

from counselhub.core import clock
from counselhub.core.forms import Form, given, text
from counselhub.leave import queries
from counselhub.leave.actions import Wanted
from counselhub.leave.kinds import LeaveKind
from counselhub.leave.rules import Absence

NEEDED = InputRequired(_l("请填写"))
CHOSEN = InputRequired(_l("请选择"))


class LeaveForm(Form):
    """When and why somebody is away; without times it is whole days."""

    kind = SelectField(_l("类别"), [CHOSEN])
    first_on = DateField(_l("第一天"), [NEEDED])
    last_on = DateField(_l("最后一天"), [NEEDED])
    starts = TimeField(_l("开始时间"), [Optional()])
    ends = TimeField(_l("结束时间"), [Optional()])
    reason = TextAreaField(_l("事由"), [Optional(), Length(max=300)])

    def wanted(self, adviser_id: UUID) -> Wanted:
        """What was asked for, after validation."""
        absence = Absence(
            given(self.first_on), given(self.last_on), self.starts.data, self.ends.data
        )
        return Wanted(adviser_id, LeaveKind(self.kind.data), absence, text(self.reason))


class EntryForm(LeaveForm):
    """Leave that the manager writes down for somebody."""

    adviser_id = SelectField(_l("律师"), [CHOSEN])


class DecisionForm(Form):
    """What the manager says to a request."""

    revision = HiddenField()
    answer = StringField(_l("答复"), [Optional(), Length(max=200)])


def leave_form(*, fresh: bool = False) -> LeaveForm:
    """Return the form of one's own leave, of today when fresh."""
    form: LeaveForm = _with_kinds(LeaveForm, fresh)
    return form


def entry_form(*, fresh: bool = False) -> EntryForm:
    """Return the form of somebody's leave, with the lawyers who have not left."""
    form: EntryForm = _with_kinds(EntryForm, fresh)
    people = [(str(one.id), one.name) for one in queries.present_advisers(clock.today())]
    form.adviser_id.choices = [("", _("请选择")), *people]
    return form


def _with_kinds(kind: type[Any], fresh: bool) -> Any:
    sent = {"formdata": None} if fresh else {}
    today = clock.today()
    form = kind(data={"first_on": today, "last_on": today}, **sent)
    form.kind.choices = [("", _("请选择")), *LeaveKind.choices()]
    return form
