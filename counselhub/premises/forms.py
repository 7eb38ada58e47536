"""Forms of premises: a room, a report, an issue, its plan, its letter, its end."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import (
    DateField,
    Field,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from counselhub.core.fields import BoxesField, UpToToday
from counselhub.core.forms import Form, RevisionForm, WhenGiven, blank_to_none, given, text
from counselhub.core.uploads import UploadError
from counselhub.premises import files
from counselhub.premises.files import Paper
from counselhub.premises.issue_actions import Plan, Solution
from counselhub.premises.kinds import Condition, IssueKind, RoomKind, Weekday
from counselhub.premises.models import Premises, PremisesIssue
from counselhub.premises.report_actions import Plea
from counselhub.premises.room_actions import RoomEntry

NEEDED = InputRequired(_l("请填写"))
CHOSEN = InputRequired(_l("请选择"))
WORDS = Length(max=1000, message=_l("最多1000字"))
SHORT = Length(max=100, message=_l("最多100字"))
YES, NO, UNKNOWN = "yes", "no", "unknown"
KNOWN = {YES: True, NO: False}
SAID = {True: YES, False: NO, None: UNKNOWN}
PICTURES = "image/jpeg,image/png"


class RoomForm(RevisionForm):
    """What was found in a community."""

    has_room = RadioField(_l("值班场所"), [CHOSEN], choices=[])
    address = StringField(_l("地址"), [Optional(), SHORT])
    area_m2 = IntegerField(
        _l("面积（平方米）"),
        [Optional(), NumberRange(1, 10_000, _l("请填写1到%(max)s之间的整数"))],
    )
    room_kind = RadioField(_l("独立还是共用"), [WhenGiven()], choices=[])
    hours = StringField(_l("开放时间"), [Optional(), SHORT])
    conditions = BoxesField(
        _l("条件"),
        choices=[],
    )
    has_board = RadioField(_l("公示栏"), [CHOSEN], choices=[])
    board_current_on = DateField(_l("公示内容更新到"), [Optional(), UpToToday()])
    inspected_on = DateField(_l("查看日期"), [Optional(), UpToToday()])
    remark = TextAreaField(_l("备注"), [Optional(), WORDS])

    def entry(self) -> RoomEntry:
        """What was typed, after validation."""
        return RoomEntry(
            has_room=KNOWN.get(self.has_room.data),
            address=blank_to_none(self.address),
            area_m2=self.area_m2.data,
            room_kind=blank_to_none(self.room_kind),
            hours=blank_to_none(self.hours),
            conditions=list(self.conditions.data or ()),
            has_board=KNOWN.get(self.has_board.data),
            board_current_on=self.board_current_on.data,
            inspected_on=self.inspected_on.data,
            remark=blank_to_none(self.remark),
        )


ROOM_FIELDS = (
    "address",
    "area_m2",
    "room_kind",
    "hours",
    "conditions",
    "board_current_on",
    "inspected_on",
    "remark",
    "revision",
)


def room_form(room: Premises | None, *, fresh: bool = False) -> RoomForm:
    """Return the form of a room, filled with what is known. fresh: whatever was sent."""
    values: dict[str, Any] = {"has_room": UNKNOWN, "has_board": UNKNOWN}
    if room is not None:
        values = {name: getattr(room, name) for name in ROOM_FIELDS}
        values |= {"has_room": SAID[room.has_room], "has_board": SAID[room.has_board]}
    form = RoomForm(formdata=None, data=values) if fresh else RoomForm(data=values)
    there = [(YES, _("有")), (NO, _("没有")), (UNKNOWN, _("还没查看"))]
    form.has_room.choices, form.has_board.choices = there, list(there)
    form.room_kind.choices = RoomKind.choices()
    form.conditions.choices = Condition.choices()
    return form


class FileForm(RevisionForm):
    """A form that brings a file, which is judged with it."""

    file = FileField(_l("文件"), [CHOSEN])
    paper: Paper | None = None

    def validate_file(self, field: Field) -> None:
        """Judge the file. Raises ValidationError saying what is wrong."""
        if not field.data:
            return
        try:
            self.paper = files.read(field.data.read(files.LARGEST_BYTES + 1))
        except UploadError as refusal:
            raise ValidationError(refusal.message) from refusal

    @property
    def sent(self) -> Paper:
        """The file of a form that was found valid."""
        if self.paper is None:
            raise ValueError("only a valid form has a file")
        return self.paper


class PhotoForm(FileForm):
    """A photo of a room."""

    file = FileField(_l("照片"), [CHOSEN])


class LetterForm(FileForm):
    """The stamped letter."""

    file = FileField(_l("盖章说明（扫描件或照片）"), [CHOSEN])


class SolutionForm(FileForm):
    """How an issue ended."""

    solved_on = DateField(_l("解决日期"), [NEEDED])
    words = TextAreaField(_l("解决情况"), [NEEDED, WORDS])
    file = FileField(_l("现场照片"), [CHOSEN])

    def solution(self) -> Solution:
        """What was typed, after validation."""
        return Solution(given(self.solved_on), text(self.words), self.sent)


class PleaForm(FileForm):
    """What a lawyer reports: one tap for what, one to send."""

    kind = RadioField(_l("缺什么"), [CHOSEN], choices=[])
    file = FileField(_l("照片"), [Optional()])
    words = TextAreaField(_l("说明"), [Optional(), WORDS])

    def plea(self) -> Plea:
        """What was typed, after validation."""
        return Plea(IssueKind.of(self.kind.data), text(self.words), self.paper)


def plea_form(*, fresh: bool = False) -> PleaForm:
    """Return the form of a report."""
    form = PleaForm(formdata=None) if fresh else PleaForm()
    form.kind.choices = IssueKind.choices()
    return form


class IssueForm(Form):
    """A new issue."""

    kind = RadioField(_l("问题"), [CHOSEN], choices=[])
    words = TextAreaField(_l("现场情况"), [Optional(), WORDS])


def issue_form(*, fresh: bool = False, kind: str = "") -> IssueForm:
    """Return the form of a new issue, `kind` chosen."""
    data = {"kind": kind}
    form = IssueForm(formdata=None, data=data) if fresh else IssueForm(data=data)
    form.kind.choices = IssueKind.choices()
    return form


class PlanForm(RevisionForm):
    """What the letter is to say."""

    cause = TextAreaField(_l("原因"), [NEEDED, WORDS])
    responsible_body = StringField(_l("责任单位"), [NEEDED, SHORT])
    responsible_person = StringField(_l("责任人"), [Optional(), SHORT])
    planned_on = DateField(_l("计划解决日期"), [NEEDED])
    government_on = DateField(_l("报告政府日期"), [Optional(), UpToToday()])

    def plan(self) -> Plan:
        """What was typed, after validation."""
        return Plan(
            text(self.cause),
            text(self.responsible_body),
            blank_to_none(self.responsible_person),
            given(self.planned_on),
            self.government_on.data,
        )


def plan_of(issue: PremisesIssue) -> PlanForm:
    """Return the form of a plan with what the issue holds, whatever was sent."""
    return PlanForm(formdata=None, obj=issue)


class WordsForm(RevisionForm):
    """Words that an act needs."""

    words = TextAreaField(_l("说明"), [NEEDED, WORDS])


class TakingForm(RevisionForm):
    """The page that a report was taken from."""


class LetterDayForm(Form):
    """The weekday on which letters are due."""

    weekday = SelectField(_l("交说明的日子"), [CHOSEN], choices=[])


def letter_day_form(weekday: int, *, fresh: bool = False) -> LetterDayForm:
    """Return the form of the office's letter day."""
    data = {"weekday": str(weekday)}
    form = LetterDayForm(formdata=None, data=data) if fresh else LetterDayForm(data=data)
    form.weekday.choices = Weekday.choices()
    return form
