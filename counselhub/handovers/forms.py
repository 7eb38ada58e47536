"""Forms of a change of hands, of a pack, of promises and groups."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from flask import request
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
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from counselhub.advisers import queries as advisers
from counselhub.assignments.kinds import EndCause
from counselhub.core import clock
from counselhub.core.forms import Form, RevisionForm, given, text
from counselhub.handovers.keeping import GroupEntry, PromiseEntry
from counselhub.handovers.kinds import GroupLevel
from counselhub.handovers.models import ChatGroup, HandoverLine
from counselhub.handovers.replacing import Change

NEEDED = InputRequired(_l("请填写"))
CHOSEN = InputRequired(_l("请选择"))
SHORT = Length(max=100, message=_l("最多100字"))
WORDS = Length(max=500, message=_l("最多500字"))
REMARK_LENGTH = 200


class ChangeForm(RevisionForm):
    """From when on another lawyer comes, and why."""

    starts_on = DateField(_l("接任日期"), [NEEDED])
    cause = RadioField(_l("更换原因"), [CHOSEN], choices=[])
    reason = StringField(_l("说明"), [Optional(), Length(max=200, message=_l("最多200字"))])
    moves_duty = BooleanField(_l("把以后排好的值班转给接任律师"), default=True)

    def change(self) -> Change:
        """How the hands change, after validation."""
        return Change(
            EndCause.of(self.cause.data),
            given(self.starts_on),
            None,
            text(self.reason),
            bool(self.moves_duty.data),
        )


class ReplacementForm(ChangeForm):
    """Who comes in place of one lawyer in one community."""

    adviser_id = SelectField(_l("接任律师"), [InputRequired(_l("请选择律师"))])
    ends_on = DateField(_l("结束日期"), [Optional()])

    def validate_ends_on(self, field: DateField) -> None:
        """Not before the first day."""
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise ValidationError(_("结束日期不能早于接任日期。"))

    @property
    def chosen(self) -> UUID:
        """The id of the lawyer who was chosen."""
        return UUID(given(self.adviser_id))

    def change(self) -> Change:
        """How the hands change, with the successor's last day."""
        found = super().change()
        return Change(
            found.cause, found.starts_on, self.ends_on.data, found.reason, found.moves_duty
        )


def replacement_form(leaving: UUID, **known: object) -> ReplacementForm:
    """Return the form of a replacement; known: what it begins with, nothing to read what was sent.

    leaving: the lawyer who goes, whom nobody can choose.
    """
    form = ReplacementForm(formdata=None, **known) if known else ReplacementForm()
    form.cause.choices = EndCause.choices()
    others = [one for one in people() if one[0] != str(leaving)]
    form.adviser_id.choices = [("", _("请选择")), *others]
    return form


def change_form(**known: object) -> ChangeForm:
    """Return the form of many changes; known: what it begins with."""
    form = ChangeForm(formdata=None, **known) if known else ChangeForm()
    form.cause.choices = EndCause.choices()
    return form


class TakingForm(RevisionForm):
    """Which lines the successor takes over, with his remarks; `act` is what was pressed."""

    act = HiddenField()

    def taken(self, lines: Iterable[HandoverLine]) -> set[UUID]:
        """The lines that were ticked."""
        sent = set(request.form.getlist("taken"))
        return {line.id for line in lines if str(line.id) in sent}

    def remarks(self, lines: Iterable[HandoverLine]) -> dict[UUID, str]:
        """What was remarked on each line, cut to what a line holds."""
        return {
            line.id: request.form.get(f"remark-{line.id}", "").strip()[:REMARK_LENGTH]
            for line in lines
        }


class PromiseForm(Form):
    """What is promised to a community."""

    adviser_id = SelectField(_l("承诺人"), [CHOSEN])
    to_whom = StringField(_l("答应谁"), [NEEDED, SHORT])
    words = TextAreaField(_l("答应的事"), [NEEDED, WORDS])
    due_on = DateField(_l("什么时候之前"), [Optional()])

    def entry(self) -> PromiseEntry:
        """What was typed, after validation."""
        return PromiseEntry(
            UUID(given(self.adviser_id)), text(self.to_whom), text(self.words), self.due_on.data
        )


class GroupForm(RevisionForm):
    """A group of a community."""

    name = StringField(_l("群名称"), [NEEDED, SHORT])
    level = RadioField(_l("级别"), [CHOSEN], choices=[])
    owner_id = SelectField(_l("群主"), [Optional()])
    member_count = IntegerField(
        _l("人数"), [Optional(), NumberRange(1, 5000, _l("请填写1到%(max)s之间的整数"))]
    )
    is_real_name = BooleanField(_l("已实名"))

    def entry(self) -> GroupEntry:
        """What was typed, after validation."""
        return GroupEntry(
            text(self.name),
            GroupLevel.of(self.level.data),
            UUID(self.owner_id.data) if self.owner_id.data else None,
            self.member_count.data,
            bool(self.is_real_name.data),
        )


People = Sequence[tuple[str, str]]
"""Ids of lawyers with the words of a list."""


def people() -> People:
    """Return the lawyers whom forms offer; one statement."""
    return advisers.choices(clock.today())


def promise_form(known: People, adviser_id: UUID | None, *, fresh: bool) -> PromiseForm:
    """Return the form of a promise; adviser_id: who most likely makes it."""
    data = {"adviser_id": str(adviser_id or "")}
    form = PromiseForm(formdata=None, data=data) if fresh else PromiseForm()
    form.adviser_id.choices = [("", _("请选择")), *known]
    return form


def group_form(known: People, row: ChatGroup | None, *, fresh: bool) -> GroupForm:
    """Return the form of a group, of a new one without a row."""
    data = _of_group(row) if row else {"level": GroupLevel.COMMUNITY.value}
    form = GroupForm(formdata=None, data=data) if fresh else GroupForm()
    form.level.choices = GroupLevel.choices()
    form.owner_id.choices = [("", _("所外人员")), *known]
    return form


def _of_group(row: ChatGroup) -> dict[str, object]:
    return {
        "name": row.name,
        "level": row.level,
        "owner_id": str(row.owner_id or ""),
        "member_count": row.member_count,
        "is_real_name": row.is_real_name,
        "revision": row.revision,
    }
