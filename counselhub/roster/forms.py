"""Forms of planned duty."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from counselhub.core import clock
from counselhub.core.fields import BoxesField
from counselhub.core.forms import Form, given, text
from counselhub.core.i18n import page_text
from counselhub.core.labels import N_
from counselhub.leave import queries as leave
from counselhub.places.models import Community
from counselhub.roster import term_queries
from counselhub.roster.kinds import WEEKDAYS, OnHoliday, TermKind
from counselhub.roster.models import DutyTerm
from counselhub.roster.term_actions import Wording

NEEDED = InputRequired(_l("请填写"))
CHOSEN = InputRequired(_l("请选择"))
WEEKS = range(1, 6)
ANY_DAY = N_("不限")


class TermForm(Form):
    """What one term of a contract says; which fields count depends on its kind."""

    revision = HiddenField()
    kind = RadioField(_l("约定方式"), [CHOSEN])
    weekday = SelectField(_l("星期"), [Optional()])
    weeks = BoxesField(_l("每月第几周"), coerce=int)
    required_hours = IntegerField(_l("每月小时数"), [Optional(), NumberRange(1, 200)])
    required_days = IntegerField(_l("每月天数"), [Optional(), NumberRange(1, 23)])
    starts = TimeField(_l("开始"), [NEEDED])
    ends = TimeField(_l("结束"), [NEEDED])
    on_holiday = RadioField(_l("遇放假"), [CHOSEN])
    communities = BoxesField(_l("只适用于这些社区"))
    class_name = StringField(_l("这类社区的名称"), [Length(max=30)])
    last_on = DateField(_l("最后适用日"), [Optional()])

    def __init__(self, places: Sequence[Community], *args: Any, **kwargs: Any) -> None:
        """Offer the communities of the contract."""
        super().__init__(*args, **kwargs)
        self.kind.choices = TermKind.choices()
        self.on_holiday.choices = OnHoliday.choices()
        days = [(str(number), page_text(word)) for number, word in enumerate(WEEKDAYS)]
        self.weekday.choices = [("", page_text(ANY_DAY)), *days]
        self.weeks.choices = [(week, str(week)) for week in WEEKS]
        self.communities.choices = [(place.code, place.short_name) for place in places]

    @property
    def wording(self) -> Wording:
        """What was filled in, after validation."""
        return Wording(
            kind=text(self.kind),
            starts=given(self.starts),
            ends=given(self.ends),
            weekday=int(self.weekday.data) if self.weekday.data else None,
            weeks=tuple(self.weeks.data or ()),
            required_hours=self.required_hours.data,
            required_days=self.required_days.data,
            on_holiday=text(self.on_holiday),
            class_name=text(self.class_name),
            communities=tuple(self.communities.data or ()),
            last_on=self.last_on.data,
        )


def term_form(
    places: Sequence[Community], term: DutyTerm | None = None, *, fresh: bool = False
) -> TermForm:
    """Return what was sent; fresh: the form as the term now is, or empty for a new one."""
    if not fresh:
        return TermForm(places)
    values: dict[str, Any] = {"kind": TermKind.WEEKLY, "on_holiday": OnHoliday.NEXT}
    if term is not None:
        names = ("revision", "kind", "weeks", "required_hours", "required_days", "starts", "ends")
        more = ("on_holiday", "communities", "class_name", "last_on")
        values = {name: getattr(term, name) for name in (*names, *more)}
        values["weekday"] = "" if term.weekday is None else str(term.weekday)
    return TermForm(places, formdata=None, data=values)


class RuleForm(Form):
    """How the firm plans and judges: ways, tolerance, absences, cover."""

    revision = HiddenField()
    same_street_minutes = IntegerField(_l("同一街道内"), [NEEDED, NumberRange(0, 240)])
    other_street_minutes = IntegerField(_l("不同街道之间"), [NEEDED, NumberRange(0, 240)])
    tolerance_minutes = IntegerField(_l("少多少分钟仍算到岗"), [NEEDED, NumberRange(0, 120)])
    late_minutes = IntegerField(_l("多少分钟起算迟到早退"), [NEEDED, NumberRange(0, 120)])
    absence_limit = IntegerField(_l("无故缺勤多少次提醒更换"), [NEEDED, NumberRange(1, 12)])
    absence_months = IntegerField(_l("在多少个月内"), [Optional(), NumberRange(1, 36)])
    approves_cover = BooleanField(_l("替班要经批准"))
    trainees_cover = BooleanField(_l("实习律师可以替班"))

    @property
    def rule(self) -> dict[str, Any]:
        """The columns of the rule, after validation."""
        return {name: given(self[name]) for name in RULE}


RULE = (
    "same_street_minutes",
    "other_street_minutes",
    "tolerance_minutes",
    "late_minutes",
    "absence_limit",
    "absence_months",
    "approves_cover",
    "trainees_cover",
)
"""The columns of a firm's rule that its page sets."""


class MakingForm(Form):
    """The preview that was seen: what is stored is that or nothing."""

    digest = HiddenField(validators=[NEEDED])


class MoveForm(Form):
    """Where a slot is to go."""

    revision = HiddenField()
    day = DateField(_l("日期"), [NEEDED])
    starts = TimeField(_l("开始"), [NEEDED])
    ends = TimeField(_l("结束"), [NEEDED])
    adviser_id = SelectField(_l("律师"), [CHOSEN])


class ExtraForm(Form):
    """One slot beside what the terms ask for."""

    community_code = SelectField(_l("社区"), [CHOSEN])
    adviser_id = SelectField(_l("律师"), [CHOSEN])
    day = DateField(_l("日期"), [NEEDED])
    starts = TimeField(_l("开始"), [NEEDED])
    ends = TimeField(_l("结束"), [NEEDED])
    reason = StringField(_l("为什么加"), [NEEDED, Length(max=200)])


def extra_form(asked: Mapping[str, str] | None = None) -> ExtraForm:
    """Return what was sent with its choices; asked: an empty form filled from an address."""
    values = {name: value for name, value in (asked or {}).items() if name != "day"}
    day = _day((asked or {}).get("day", ""))
    sent = {} if asked is None else {"formdata": None}
    form = ExtraForm(data=values | {"day": day}, **sent)
    places = [(one.code, one.short_name) for one in term_queries.served(clock.today())]
    form.community_code.choices = [("", _("请选择")), *places]
    people = [(str(one.id), one.name) for one in leave.present_advisers(clock.today())]
    form.adviser_id.choices = [("", _("请选择")), *people]
    return form


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return clock.today()


class RevisionForm(Form):
    """The revision of the slot that the page showed."""

    revision = HiddenField()


class ExcuseForm(RevisionForm):
    """Why a slot is called off."""

    reason = TextAreaField(_l("取消原因"), [NEEDED, Length(max=200)])
