"""Forms of duty: on the phone and at the desk."""

from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from counselhub.core import clock
from counselhub.core.access import allowed
from counselhub.core.forms import Form, WhenGiven, given, text
from counselhub.core.ids import uuid7
from counselhub.core.members import Member
from counselhub.core.permissions import Permission
from counselhub.duty import queries
from counselhub.duty.desk import Entry
from counselhub.duty.kinds import CorrectionReason
from counselhub.duty.models import DutySession, OnlineShift
from counselhub.duty.shift_queries import streets
from counselhub.places.models import short_name

NEEDED = InputRequired(_l("请填写"))
CHOSEN = InputRequired(_l("请选择"))


def key_of(form: Form) -> UUID:
    """Return the key of a form's tap; a new one when it has none, or nonsense."""
    try:
        return UUID(text(form.key))
    except ValueError:
        return uuid7()


class SignInForm(Form):
    """One tap: the community is in the button, or community and 替班对象 in one choice."""

    key = HiddenField()
    place = StringField(_l("社区"), [CHOSEN, Length(max=60)])
    code = HiddenField()
    remark = StringField(_l("备注"), [Optional(), Length(max=200)])

    def community_code(self) -> str:
        """The community of the button."""
        return text(self.place).partition("|")[0]

    def substitute_for_id(self) -> UUID | None:
        """Whom he stands in for, None on his own duty. Raises ValueError for nonsense."""
        stands_in = text(self.place).partition("|")[2]
        return UUID(stands_in) if stands_in else None


class SignOutForm(Form):
    """One tap; a forgotten one with its time."""

    key = HiddenField()
    code = HiddenField()
    left_at = TimeField(_l("离开时间"), [WhenGiven()])
    remark = StringField(_l("备注"), [Optional(), Length(max=200)])
    community_confirmed = BooleanField(_l("社区已在签到表上签字或盖章"))


class SessionForm(Form):
    """A session as the desk writes it."""

    adviser_id = SelectField(_l("值班律师"), [CHOSEN])
    community_code = SelectField(_l("社区"), [CHOSEN])
    day = DateField(_l("日期"), [NEEDED])
    signed_in = TimeField(_l("签到"), [NEEDED])
    signed_out = TimeField(_l("签退"), [Optional()])
    substitute_for_id = SelectField(_l("替班对象"), [Optional()])
    community_confirmed = BooleanField(_l("社区已确认（签字或盖章）"))
    reason = SelectField(_l("更正类别"), [CHOSEN])
    remark = TextAreaField(_l("原因"), [NEEDED, Length(max=500)])
    revision = HiddenField()

    def entry(self) -> Entry:
        """What was written, after validation."""
        stands_in = text(self.substitute_for_id)
        return Entry(
            adviser_id=UUID(self.adviser_id.data),
            community_code=self.community_code.data,
            day=given(self.day),
            signed_in=given(self.signed_in),
            signed_out=self.signed_out.data,
            substitute_for_id=UUID(stands_in) if stands_in else None,
            community_confirmed=self.community_confirmed.data,
            remark=text(self.remark),
        )


def session_form(session: DutySession | None = None, *, fresh: bool = False) -> SessionForm:
    """Return the form with its choices, filled from `session`; fresh: never from what was sent."""
    sent = {"formdata": None} if fresh else {}
    form = SessionForm(data=_of(session) if session else {"day": clock.today()}, **sent)
    lawyers, served = queries.advisers_and_communities()
    people = [(str(a.id), a.name) for a in lawyers]
    form.adviser_id.choices = [("", _("请选择")), *people]
    form.substitute_for_id.choices = [("", _("（不是替班）")), *people]
    places = [(c.code, short_name(c.name)) for c in served]
    form.community_code.choices = [("", _("请选择")), *places]
    form.reason.choices = [("", _("请选择")), *CorrectionReason.choices()]
    return form


def _of(session: DutySession) -> dict[str, object]:
    end = session.signed_out_at
    return {
        "adviser_id": str(session.adviser_id),
        "community_code": session.community_code,
        "day": session.day,
        "signed_in": clock.local(session.signed_in_at).time(),
        "signed_out": clock.local(end).time() if end else None,
        "substitute_for_id": str(session.substitute_for_id or ""),
        "community_confirmed": bool(session.community_confirmed),
        "remark": session.remark,
        "revision": session.revision,
    }


class VoidForm(Form):
    """Why a session is taken out of every count."""

    reason = StringField(_l("作废原因"), [NEEDED, Length(max=200)])


class ShiftForm(Form):
    """One online shift; an end not after the start is the next day's."""

    adviser_id = SelectField(_l("律师"), [DataRequired(_l("请选择"))])  # a lawyer's own is given
    street_code = SelectField(_l("街道"), [CHOSEN])
    day = DateField(_l("日期"), [NEEDED])
    starts = TimeField(_l("开始"), [NEEDED])
    ends = TimeField(_l("结束"), [NEEDED])
    remark = StringField(_l("备注"), [Optional(), Length(max=200)])
    revision = HiddenField()


class ShiftsForm(ShiftForm):
    """A shift to add, once or again and again to the end of its month."""

    repeat = RadioField(_l("重复"), default="0")


def shift_form(
    kind: type[ShiftForm], by: Member, shift: OnlineShift | None = None, *, fresh: bool = False
) -> ShiftForm:
    """Return the form with its choices, filled from `shift`; fresh: never from what was sent.

    Whoever may not manage duty takes shifts for himself only.
    """
    sent = {"formdata": None} if fresh else {}
    form = kind(data=_of_shift(shift) if shift else {"day": clock.today()}, **sent)
    manages = allowed(by, Permission.DUTY_MANAGE)
    people = [(str(a.id), a.name) for a in queries.advisers() if manages or a.id == by.adviser_id]
    form.adviser_id.choices = [("", _("请选择")), *people] if manages else people
    form.street_code.choices = [(s.code, s.name) for s in streets()]
    if isinstance(form, ShiftsForm):
        form.repeat.choices = [
            ("0", _("只这一次")),
            ("7", _("每周这一天，到月底")),
            ("1", _("每天，到月底")),
        ]
    return form


def _of_shift(shift: OnlineShift) -> dict[str, object]:
    begin, end = clock.local(shift.starts_at), clock.local(shift.ends_at)
    return {
        "adviser_id": str(shift.adviser_id),
        "street_code": shift.street_code,
        "day": begin.date(),
        "starts": begin.time(),
        "ends": end.time(),
        "remark": shift.remark,
        "revision": shift.revision,
    }
