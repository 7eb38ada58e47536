"""Forms of lists, plan, activities and studios."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from counselhub.core.fields import BoxesField, DecimalField
from counselhub.core.forms import Form, blank_to_none, given, text
from counselhub.duty.queries import advisers, served_communities
from counselhub.pairings.activity_actions import ActivityEntry
from counselhub.pairings.kinds import ListKind, Side
from counselhub.pairings.list_actions import ItemEntry
from counselhub.pairings.plan_actions import PlanEntry
from counselhub.pairings.rules import YEARS
from counselhub.pairings.studio_actions import StudioEntry
from counselhub.pairings.work_models import PairingActivity, PairingProject, PlannedActivity
from counselhub.photos import pictures
from counselhub.places.models import short_name

NEEDED = InputRequired(_l("请填写"))
CHOSEN = InputRequired(_l("请选择"))
TITLE = Length(max=100, message=_l("最多100字"))
COUNT = NumberRange(0, 9999, message=_l("请填 0 至 9999 的整数"))
MOST_HOURS = Decimal(24)


class ItemForm(Form):
    """A line of the list of resources or of needs."""

    revision = HiddenField()
    kind = RadioField(_l("清单"), [CHOSEN])
    party = RadioField(_l("提出方"), [CHOSEN])
    title = StringField(_l("内容"), [NEEDED, TITLE])
    quantity = StringField(_l("数量"), [Optional(), TITLE])
    wanted = StringField(_l("时间"), [Optional(), TITLE])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer lists and sides."""
        super().__init__(*args, **kwargs)
        self.kind.choices = ListKind.choices()
        self.party.choices = Side.choices()

    def entry(self) -> ItemEntry:
        """What was written, after validation."""
        return ItemEntry(
            kind=self.kind.data,
            party=self.party.data,
            title=text(self.title),
            quantity=blank_to_none(self.quantity),
            wanted=blank_to_none(self.wanted),
        )


class MatchForm(Form):
    """A need and the resource that meets it."""

    need_id = SelectField(_l("需求"), [CHOSEN])
    resource_id = SelectField(_l("资源"), [CHOSEN])
    title = StringField(_l("项目名称"), [Optional(), TITLE])


class PlanForm(Form):
    """A line of the year's plan; hours may be left out."""

    revision = HiddenField()
    year = IntegerField(
        _l("年份"), [NEEDED, NumberRange(YEARS[0], YEARS[-1], message=_l("请填四位数的年份"))]
    )
    month = IntegerField(
        _l("月份"), [NEEDED, NumberRange(1, 12, message=_l("请填 1 至 12 的整数"))]
    )
    theme = StringField(_l("活动主题"), [NEEDED, TITLE])
    hours = DecimalField(
        _l("计划时长"),
        [Optional(), NumberRange(0, 999, message=_l("请填 0 至 999 的数"))],
        places=1,
    )

    def entry(self) -> PlanEntry:
        """What was written, after validation."""
        minutes = int((self.hours.data or 0) * 60)
        return PlanEntry(given(self.year), given(self.month), text(self.theme), minutes)


class ActivityForm(Form):
    """An activity that took place."""

    revision = HiddenField()
    day = DateField(_l("活动日期"), [NEEDED])
    theme = StringField(_l("活动主题"), [NEEDED, TITLE])
    place = StringField(_l("活动地点"), [NEEDED, TITLE])
    hours = DecimalField(
        _l("时长"),
        [NEEDED, NumberRange(Decimal("0.1"), MOST_HOURS, message=_l("请填 0.1 至 24 的数"))],
        places=1,
    )
    plan_id = SelectField(_l("对应计划"), [Optional()])
    project_id = SelectField(_l("对应项目"), [Optional()])
    firm_count = IntegerField(_l("律所参加人数"), [NEEDED, COUNT])
    community_count = IntegerField(_l("社区参加人数"), [NEEDED, COUNT])
    residents_count = IntegerField(_l("群众参加人数"), [NEEDED, COUNT])
    advisers = BoxesField(
        _l("本所参加的律师"),
        [Optional()],
        choices=[],
    )
    summary = TextAreaField(_l("活动小结"), [NEEDED, Length(max=2000, message=_l("最多2000字"))])
    note = TextAreaField(_l("内部备注"), [Optional(), Length(max=2000, message=_l("最多2000字"))])

    def entry(self) -> ActivityEntry:
        """What was written, after validation."""
        return ActivityEntry(
            day=given(self.day),
            theme=text(self.theme),
            place=text(self.place),
            firm_count=given(self.firm_count),
            community_count=given(self.community_count),
            residents_count=given(self.residents_count),
            minutes=int(given(self.hours) * 60),
            summary=text(self.summary),
            plan_id=_uuid(self.plan_id.data),
            project_id=_uuid(self.project_id.data),
            advisers=frozenset(map(UUID, self.advisers.data or ())),
            note=text(self.note),
        )


def _uuid(chosen: str | None) -> UUID | None:
    return UUID(chosen) if chosen else None


def activity_form(
    plan: Sequence[PlannedActivity],
    projects: Sequence[PairingProject],
    begins: dict[str, object],
    *,
    fresh: bool = False,
) -> ActivityForm:
    """Return the form with what may be chosen, filled with `begins` unless something was sent."""
    sent = {"formdata": None} if fresh else {}
    form = ActivityForm(data=begins, **sent)
    blank = ("", _("（无）"))
    form.plan_id.choices = [
        blank,
        *((str(one.id), f"{one.year}-{one.month:02d} {one.theme}") for one in plan),
    ]
    form.project_id.choices = [blank, *((str(one.id), one.title) for one in projects)]
    form.advisers.choices = [(str(one.id), one.name) for one in advisers()]
    return form


def values_of(row: PairingActivity, named: Sequence[UUID]) -> dict[str, object]:
    """Return what an activity holds, for its form."""
    names = ("revision", "day", "theme", "place", "summary")
    counts = ("firm_count", "community_count", "residents_count")
    return {name: getattr(row, name) for name in (*names, *counts)} | {
        "hours": Decimal(row.minutes) / 60,
        "plan_id": str(row.plan_id or ""),
        "project_id": str(row.project_id or ""),
        "advisers": [str(one) for one in named],
        "note": row.note.words if row.note else "",
    }


class PhotosForm(Form):
    """Photos of an activity."""

    photos = MultipleFileField(_l("照片"), [Optional()])


def sent_photos(form: PhotosForm) -> Sequence[bytes]:
    """Return the photos that came with a form, each read one byte past the limit at most."""
    return [one.read(pictures.LARGEST_BYTES + 1) for one in form.photos.data or () if one]


class StudioForm(Form):
    """A studio as its plate says it."""

    revision = HiddenField()
    community_code = SelectField(_l("社区"), [CHOSEN])
    name = StringField(_l("工作室名称"), [NEEDED, TITLE])
    address = StringField(_l("地址"), [NEEDED, TITLE])
    opening = StringField(_l("开放时间"), [NEEDED, TITLE])
    members = TextAreaField(_l("成员"), [NEEDED, Length(max=500, message=_l("最多500字"))])
    is_public = BooleanField(_l("在社区公示卡上显示"))

    def entry(self) -> StudioEntry:
        """What was written, after validation."""
        return StudioEntry(
            community_code=self.community_code.data,
            name=text(self.name),
            address=text(self.address),
            members=text(self.members),
            opening=text(self.opening),
            is_public=bool(self.is_public.data),
        )


def studio_form(row: Any = None, *, fresh: bool = False, **begins: object) -> StudioForm:
    """Return the form with the served communities, filled from `row`; fresh: not from what came."""
    sent = {"formdata": None} if fresh else {}
    form = StudioForm(obj=row, **sent, **begins)
    places = [(one.code, short_name(one.name)) for one in served_communities()]
    if row is not None and row.community_code not in {code for code, _name in places}:
        places.append((row.community_code, row.community.short_name))
    form.community_code.choices = [("", _("请选择")), *places]
    return form
