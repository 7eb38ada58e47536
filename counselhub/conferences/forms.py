"""Forms of conferences."""

from collections.abc import Mapping, Sequence
from datetime import time, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, Optional

from counselhub.conferences import rules
from counselhub.conferences.actions import Mark, Plan
from counselhub.conferences.gather import Source
from counselhub.conferences.kinds import ConferenceMode, Presence
from counselhub.conferences.models import Conference, ConferenceSeat
from counselhub.conferences.record_actions import Record
from counselhub.core import clock
from counselhub.core.fields import BoxesField, UpToToday
from counselhub.core.forms import Form, given, text
from counselhub.leave.queries import present_advisers

NEEDED = InputRequired(_l("请填写"))
CHOSEN = InputRequired(_l("请选择"))
LONGEST = 10_000
MOST_LINES = 20
LONGEST_LINE = 500
AHEAD = timedelta(days=366)
FROM, UNTIL = time(15), time(16, 30)
"""What a new conference is offered: an afternoon's hour and a half."""


class Lines:
    """Judge a text of one item a line: not too many, none too long."""

    def __call__(self, _form: Form, field: Any) -> None:
        """Raise ValidationError with the sentence to show."""
        found = rules.lines(field.data or "")
        if len(found) > MOST_LINES:
            raise ValidationError(_("最多%(most)s条，请合并。", most=MOST_LINES))
        if any(len(line) > LONGEST_LINE for line in found):
            raise ValidationError(_("每条最多%(most)s个字。", most=LONGEST_LINE))


class PlanForm(Form):
    """When and where, who presides, who is called, on what."""

    revision = HiddenField()
    title = StringField(_l("议题"), [NEEDED, Length(max=100)])
    day = DateField(_l("日期"), [NEEDED])
    starts = TimeField(_l("开始"), [NEEDED])
    ends = TimeField(_l("结束"), [NEEDED])
    mode = RadioField(_l("方式"), [CHOSEN])
    place = StringField(_l("地点或线上会议"), [NEEDED, Length(max=200)])
    chair_id = SelectField(_l("主持人"), [CHOSEN])
    called = BoxesField(
        _l("邀请律师"),
        [Optional()],
    )
    guests = StringField(_l("列席"), [Optional(), Length(max=200)])
    agenda = TextAreaField(_l("议程"), [Optional(), Length(max=LONGEST), Lines()])
    disputes = TextAreaField(_l("争议焦点"), [Optional(), Length(max=LONGEST), Lines()])

    def validate_day(self, field: DateField) -> None:
        """Refuse a day that cannot be meant."""
        if field.data and abs(field.data - clock.today()) > AHEAD:
            raise ValidationError(_("日期离今天超过一年，请核对。"))

    def validate_ends(self, field: TimeField) -> None:
        """Refuse an end before the beginning."""
        if field.data and self.starts.data and field.data <= self.starts.data:
            raise ValidationError(_("结束要晚于开始。"))

    def plan(self) -> Plan:
        """What was asked for, after validation."""
        return Plan(
            title=text(self.title),
            day=given(self.day),
            starts=given(self.starts),
            ends=given(self.ends),
            mode=ConferenceMode.of(given(self.mode)),
            place=text(self.place),
            chair_id=UUID(given(self.chair_id)),
            called=frozenset(map(UUID, given(self.called) or ())),
            guests=text(self.guests),
            agenda=rules.lines(text(self.agenda)),
            disputes=rules.lines(text(self.disputes)),
        )


def new_form(source: Source, *, fresh: bool = False) -> PlanForm:
    """Return the form for a service or a referral; fresh: never from what was sent."""
    referral, service = source.referral, source.service
    lead = (referral.receiver_id or referral.asker_id) if referral else service.adviser_id
    known = {
        "revision": referral.revision if referral else "",
        "title": (referral.words.splitlines() or [""])[0][:100] if referral else "",
        "day": clock.today() + timedelta(days=1),
        "starts": FROM,
        "ends": UNTIL,
        "mode": ConferenceMode.ON_SITE.value,
        "chair_id": str(lead),
        "called": sorted({str(lead), str(service.adviser_id)}),
    }
    return _offered(PlanForm(data=known, **_sent(fresh)))


def plan_form(row: Conference, seats: Sequence[ConferenceSeat], *, fresh: bool = False) -> PlanForm:
    """Return the form of a planned conference; fresh: never from what was sent."""
    plain = ("revision", "title", "day", "starts", "ends", "mode", "place", "guests")
    known = {name: getattr(row, name) for name in plain} | {
        "chair_id": str(row.chair_id),
        "called": [str(seat.adviser_id) for seat in seats],
        "agenda": "\n".join(row.agenda),
        "disputes": "\n".join(row.disputes),
    }
    return _offered(PlanForm(data=known, **_sent(fresh)))


def _offered(form: PlanForm) -> PlanForm:
    people = _people()
    form.mode.choices = ConferenceMode.choices()
    form.chair_id.choices = [("", _l("请选择")), *people]
    form.called.choices = people
    return form


def _people() -> list[tuple[str, str]]:
    return [(str(row.id), row.name) for row in present_advisers(clock.today())]


def _sent(fresh: bool) -> dict[str, Any]:
    return {"formdata": None} if fresh else {}


class AttendanceForm(Form):
    """Who came; the fields of each seat are added by `attendance_form`."""

    revision = HiddenField()
    seats: Mapping[UUID, tuple[str, str]] = {}

    def marks(self) -> dict[UUID, Mark]:
        """Who came and why not, by seat, after validation."""
        return {
            seat: Mark(Presence.of(given(self[came])), text(self[why]))
            for seat, (came, why) in self.seats.items()
        }


def attendance_form(
    row: Conference, seats: Sequence[ConferenceSeat], *, fresh: bool = False
) -> AttendanceForm:
    """Return the form with a choice and a reason for each seat; whoever did not say no came."""
    parts: dict[str, Any] = {"seats": {}}
    known: dict[str, Any] = {"revision": row.revision}
    for place, seat in enumerate(seats):
        came, why = f"came_{place}", f"why_{place}"
        parts[came] = RadioField(seat.adviser.name, [CHOSEN])
        parts[why] = StringField(_l("未到会原因"), [Optional(), Length(max=200)])
        parts["seats"][seat.id] = (came, why)
        is_out = seat.presence == Presence.EXCUSED
        known |= {came: (Presence.EXCUSED if is_out else Presence.CAME).value, why: seat.reason}
    made: AttendanceForm = type("SeatsForm", (AttendanceForm,), parts)(data=known, **_sent(fresh))
    for came, _why in made.seats.values():
        made[came].choices = [(one.value, one.label) for one in (Presence.CAME, Presence.EXCUSED)]
    return made


class OpinionForm(Form):
    """One's own opinion."""

    revision = HiddenField()
    opinion = TextAreaField(_l("我的意见"), [NEEDED, Length(max=LONGEST)])


class RecordForm(Form):
    """What is written down."""

    revision = HiddenField()
    disputes = TextAreaField(_l("争议焦点"), [Optional(), Length(max=LONGEST), Lines()])
    summary = TextAreaField(_l("意见汇总"), [Optional(), Length(max=LONGEST)])
    conclusion = TextAreaField(_l("结论"), [Optional(), Length(max=LONGEST)])

    def record(self) -> Record:
        """What was written, after validation."""
        return Record(rules.lines(text(self.disputes)), text(self.summary), text(self.conclusion))


class RevisionForm(RecordForm):
    """What is mended in the record, and why."""

    reason = StringField(_l("修订原因"), [NEEDED, Length(max=200)])


def record_of(row: Conference) -> dict[str, Any]:
    """Return what a form of the record begins with."""
    return {
        "revision": row.revision,
        "disputes": "\n".join(row.disputes),
        "summary": row.summary,
        "conclusion": row.conclusion,
    }


class FeedbackForm(Form):
    """When and how the community was told."""

    revision = HiddenField()
    told_on = DateField(_l("反馈日期"), [NEEDED, UpToToday()])
    words = TextAreaField(_l("怎么告知的"), [NEEDED, Length(max=2000)])


class TaskForm(Form):
    """Something to do."""

    words = StringField(_l("任务"), [NEEDED, Length(max=300)])
    owner_id = SelectField(_l("责任人"), [CHOSEN])
    due_on = DateField(_l("期限"), [NEEDED])


def task_form(*, fresh: bool = False) -> TaskForm:
    """Return the form with everybody as a choice; a week is the usual limit."""
    form = TaskForm(data={"due_on": clock.today() + timedelta(days=7)}, **_sent(fresh))
    form.owner_id.choices = [("", _l("请选择")), *_people()]
    return form


class WordsForm(Form):
    """An act with its reason."""

    revision = HiddenField()
    words = StringField(_l("说明"), [NEEDED, Length(max=200)])


class ActForm(Form):
    """An act without words."""

    revision = HiddenField()
    settles = HiddenField()
