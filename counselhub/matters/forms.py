"""Forms of matters: the matter itself, what ends it, what the manager decides."""

from collections.abc import Sequence
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from counselhub.clients.kinds import UnmaskReason
from counselhub.core.fields import BoxesField, UpToToday
from counselhub.core.forms import Form, WhenGiven, given, revision_of, text
from counselhub.core.personal_fields import QUIET
from counselhub.matters.actions import MatterEntry
from counselhub.matters.kinds import DeclineReason, MatterKind, WallReason
from counselhub.matters.models import Matter

NEEDED = InputRequired(_l("请填写"))
CHOSEN = InputRequired(_l("请选择"))
WORDS = Length(max=1000, message=_l("最多1000字"))
Choices = Sequence[tuple[str, str]]


class MatterForm(Form):
    """A matter: what it is, where, and who works on it."""

    title = StringField(_l("事由"), [NEEDED, Length(max=60, message=_l("最多60字"))])
    kind = RadioField(_l("类型"), [CHOSEN])
    community_code = SelectField(_l("社区"), [Optional()])
    adviser_id = SelectField(_l("主办律师"), [CHOSEN])
    members = BoxesField(_l("一起办理的律师"), [Optional()])
    service_id = HiddenField()
    revision = HiddenField()

    def entry(self) -> MatterEntry:
        """What was typed, after validation."""
        return MatterEntry(
            text(self.title),
            MatterKind(self.kind.data),
            text(self.community_code) or None,
            UUID(self.adviser_id.data),
            frozenset(map(UUID, self.members.data or ())),
        )


def matter_form(places: Choices, lawyers: Choices, **values: object) -> MatterForm:
    """Return the form with what may be chosen, filled from `values` unless something was sent."""
    form = MatterForm(data=values)
    form.kind.choices = MatterKind.choices()
    form.community_code.choices = [("", _("（不限社区）")), *places]
    form.adviser_id.choices = [("", _("请选择")), *lawyers]
    form.members.choices = list(lawyers)
    return form


def values_of(matter: Matter, members: Sequence[UUID]) -> dict[str, object]:
    """Return what a matter holds, for its form."""
    return {
        "title": matter.title,
        "kind": matter.kind,
        "community_code": matter.community_code or "",
        "adviser_id": str(matter.adviser_id),
        "members": [str(one) for one in members],
        "revision": matter.revision,
    }


class FindForm(Form):
    """A party's name, phone or number, whole: they are sealed and found by nothing less."""

    mark = StringField(_l("当事人的姓名、电话或证件号"), [NEEDED, Length(max=100)], render_kw=QUIET)


class ShowForm(Form):
    """Why somebody looks at the parties in full."""

    reason = RadioField(_l("查看原因"), [CHOSEN])
    words = StringField(_l("说明"), [Optional(), Length(max=200)])

    def unmask_reason(self) -> UnmaskReason:
        """The reason, after validation."""
        return UnmaskReason(given(self.reason))


def show_form() -> ShowForm:
    """Return the form with its reasons."""
    form = ShowForm()
    form.reason.choices = UnmaskReason.choices()
    return form


class WordsForm(Form):
    """Words that go with an act, and the revision that its reader saw."""

    revision = HiddenField()
    words = TextAreaField(_l("说明"), [WhenGiven(), WORDS])

    @property
    def seen(self) -> int | None:
        """The revision as a number, None when none was sent."""
        return revision_of(self.revision)


class WaiverForm(WordsForm):
    """When both sides agreed, and the paper that both signed."""

    own_on = DateField(_l("本方委托人同意日期"), [NEEDED, UpToToday()])
    other_on = DateField(_l("另一方同意日期"), [NEEDED, UpToToday()])
    paper = FileField(_l("双方签字的豁免文件"))


class DeclineForm(Form):
    """Why a matter is declined, and whom its client is pointed to."""

    revision = HiddenField()
    reason = RadioField(_l("谢绝原因"), [CHOSEN])
    referred_to = StringField(_l("建议另找"), [Optional(), Length(max=200)])
    words = TextAreaField(_l("给委托人的说明"), [Optional(), WORDS])
    sure = BooleanField(_l("我已核对，知道谢绝后不能再办理"), [InputRequired(_l("请先勾选确认"))])

    @property
    def seen(self) -> int | None:
        """The revision as a number, None when none was sent."""
        return revision_of(self.revision)


def decline_form(**values: object) -> DeclineForm:
    """Return the form with its reasons."""
    form = DeclineForm(data=values)
    form.reason.choices = DeclineReason.choices()
    return form


class WallForm(Form):
    """Who is kept from a matter, and why."""

    whom = SelectField(_l("隔离谁"), [CHOSEN])
    reason = RadioField(_l("隔离原因"), [CHOSEN])
    words = TextAreaField(_l("理由"), [NEEDED, WORDS])

    def wall_reason(self) -> WallReason:
        """The reason, after validation."""
        return WallReason(given(self.reason))


def wall_form(people: Choices) -> WallForm:
    """Return the form with the people of the firm."""
    form = WallForm()
    form.whom.choices = [("", _("请选择")), *people]
    form.reason.choices = WallReason.choices()
    return form


class LinkForm(Form):
    """The number of a service record."""

    number = StringField(_l("服务记录编号"), [NEEDED, Length(max=40)])
