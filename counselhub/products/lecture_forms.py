"""Forms of lectures: the plan, the draft, how it was held, why it was not."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import (
    DateField,
    Field,
    IntegerField,
    RadioField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from counselhub.core import clock
from counselhub.core.forms import given, text
from counselhub.core.members import Member
from counselhub.products import leaflets
from counselhub.products.kinds import LectureKind
from counselhub.products.leaflets import Leaflet, LeafletError
from counselhub.products.lecture_actions import Holding, LecturePlan
from counselhub.products.lecture_models import Lecture
from counselhub.products.text_forms import (
    CHOSEN,
    NEEDED,
    NUMBER,
    TITLE,
    WORDS,
    PlacedForm,
    RevisionForm,
    in_years,
)
from counselhub.services.attachments import LARGEST_BYTES

PERSONS = NumberRange(min=0, max=100_000, message=_l("请填写0到100000之间的整数"))
MINUTES = NumberRange(min=1, max=1440, message=_l("请填写1到1440之间的整数"))
HELD_FIELDS = ("kind", "theme", "place", "community_code", "day", "starts", "revision")


class LectureForm(PlacedForm):
    """A lecture as it is planned."""

    kind = RadioField(_l("类型"), [CHOSEN])
    theme = StringField(_l("主题"), [NEEDED, TITLE])
    place = StringField(_l("地点"), [NEEDED, TITLE])
    day = DateField(_l("日期"), [NEEDED, in_years])
    starts = TimeField(_l("开始时间"), [Optional()])

    def plan(self) -> LecturePlan:
        """What was typed, after validation."""
        return LecturePlan(
            LectureKind.of(self.kind.data),
            text(self.theme),
            text(self.place),
            self.community_code.data,
            self.adviser,
            given(self.day),
            self.starts.data,
        )


def lecture_form(by: Member, lecture: Lecture | None = None, community: str = "") -> LectureForm:
    """Return the form of a lecture, or of a new one in `community`."""
    held: dict[str, Any] = {"kind": LectureKind.LECTURE.value, "community_code": community}
    held["adviser_id"] = str(by.adviser_id or "")
    if lecture:
        held = {name: getattr(lecture, name) for name in HELD_FIELDS}
        held["adviser_id"] = str(lecture.adviser_id)
    form = LectureForm(data=held)
    form.kind.choices = LectureKind.choices()
    form.offer(by, (lecture.adviser_id, lecture.adviser.name) if lecture else None)
    return form


class DraftForm(RevisionForm):
    """The draft, as a file."""

    file = FileField(_l("讲稿"), [InputRequired(_l("请选择文件"))])

    def sent(self) -> tuple[str, bytes]:
        """Its name and its bytes, one more than may be at most."""
        return self.file.data.filename or "", self.file.data.read(LARGEST_BYTES + 1)


class HoldingForm(RevisionForm):
    """How a lecture was held."""

    day = DateField(_l("举办日期"), [NEEDED, in_years])
    persons = IntegerField(_l("到场人数"), [NEEDED, PERSONS])
    minutes = IntegerField(_l("用时"), [Optional(), MINUTES])
    lines = TextAreaField(_l("发放资料"), [Optional()])
    service = StringField(_l("服务记录编号"), [Optional(), NUMBER])
    leaflets: tuple[Leaflet, ...] = ()

    def validate_lines(self, field: Field) -> None:
        """Read the leaflets. Raises ValidationError naming the line that is wrong."""
        try:
            self.leaflets = leaflets.parsed(text(field))
        except LeafletError as error:
            if error.code == "many":
                raise ValidationError(_("最多%(most)d种资料。", most=leaflets.MOST)) from error
            raise ValidationError(
                _("第%(line)d行请写成“资料名称 份数”，例如：民法典手册 50份。", line=error.line)
            ) from error

    def holding(self) -> Holding:
        """What was typed, after validation."""
        return Holding(
            given(self.day),
            self.persons.data,
            self.minutes.data,
            self.leaflets,
            text(self.service),
        )


def holding_form(lecture: Lecture) -> HoldingForm:
    """Return the form with the planned day, or today where that is still to come."""
    day = min(lecture.day, clock.today())
    return HoldingForm(formdata=None, data={"day": day, "revision": lecture.revision})


class CancelForm(RevisionForm):
    """Why a lecture is not held."""

    words = StringField(_l("原因"), [NEEDED, WORDS])
