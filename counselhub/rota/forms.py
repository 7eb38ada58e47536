"""Forms of online duty by turns."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    Field,
    FieldList,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from counselhub.core import clock
from counselhub.core.fields import BoxesField
from counselhub.core.forms import Form, given, text
from counselhub.core.personal_fields import PhoneField
from counselhub.duty import shift_queries
from counselhub.rota import queries
from counselhub.rota.actions import RotaEntry
from counselhub.rota.kinds import TurnLength
from counselhub.rota.models import OnlineTurn, Rota
from counselhub.rota.queries import instant, wall
from counselhub.rota.turn_actions import Target

NEEDED = InputRequired(_l("请填写"))
CHOSEN = InputRequired(_l("请选择"))
SEATS = 12
"""How many lawyers one rota may have."""
WEEKS_AHEAD, MOST_WEEKS = 8, 26
DEFAULTS: dict[str, Any] = {"length": TurnLength.DAY}


class RotaForm(Form):
    """A rota: which streets, who in which order, how long, when it changes."""

    revision = HiddenField()
    name = StringField(_l("名称"), [NEEDED, Length(max=40)])
    streets = BoxesField(
        _l("负责的街道"),
        [CHOSEN],
    )
    people = FieldList(
        SelectField(default="", validate_choice=False),
        label=_l("律师和顺序"),
        min_entries=SEATS,
        max_entries=SEATS,
    )
    length = RadioField(_l("班次长度"), [CHOSEN])
    changes_at = TimeField(_l("交接时间"), [NEEDED])
    again_at = TimeField(_l("第二次交接"), [Optional()])
    starts_on = DateField(_l("开始日期"), [NEEDED])
    last_on = DateField(_l("最后一天"), [Optional()])
    desk_phone = PhoneField(_l("律所值班电话"), [NEEDED])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the firm's streets and the lawyers that are there."""
        super().__init__(*args, **kwargs)
        self.length.choices = TurnLength.choices()
        self.streets.choices = [(one.code, one.name) for one in shift_queries.streets()]
        there = [(str(one.id), one.name) for one in queries.people_here(clock.today())]
        for seat in self.people:
            seat.choices = [("", "—"), *there]

    def validate_people(self, field: Any) -> None:
        """Refuse nobody, strangers, and one lawyer twice. Raises ValidationError."""
        chosen = [seat.data for seat in field if seat.data]
        if not set(chosen) <= {value for value, _name in field[0].choices}:
            raise ValidationError(_("请选择本所在职的律师。"))
        if not chosen:
            raise ValidationError(_("请至少选择一位律师。"))
        if len(set(chosen)) < len(chosen):
            raise ValidationError(_("同一位律师只能排一个位置。"))

    @property
    def entry(self) -> RotaEntry:
        """What was filled in, after validation."""
        return RotaEntry(
            name=text(self.name),
            length=TurnLength(text(self.length)),
            changes_at=given(self.changes_at),
            again_at=self.again_at.data,
            starts_on=given(self.starts_on),
            last_on=self.last_on.data,
            desk_phone=text(self.desk_phone),
            streets=tuple(self.streets.data or ()),
            people=tuple(UUID(seat.data) for seat in self.people if seat.data),
        )


def rota_form(rota: Rota | None = None, *, fresh: bool = False) -> RotaForm:
    """Return what was sent; fresh: the form as the rota now is, or with defaults for a new one."""
    if not fresh:
        return RotaForm()
    if rota is None:
        return RotaForm(formdata=None, data=DEFAULTS | {"starts_on": clock.today()})
    names = ("revision", "name", "length", "changes_at", "again_at", "starts_on", "last_on")
    values = {name: getattr(rota, name) for name in (*names, "desk_phone")}
    values["streets"] = [one.street_code for one in rota.streets]
    values["people"] = [str(one.adviser_id) for one in rota.people]
    return RotaForm(formdata=None, data=values)


class MakingForm(Form):
    """Up to which day turns are made, and the preview that was seen."""

    until = DateField(_l("排到"), [NEEDED])
    digest = HiddenField()

    def validate_until(self, field: Field) -> None:
        """Refuse the past and what is too far. Raises ValidationError."""
        if field.data < clock.today():
            raise ValidationError(_("请选择今天或以后的日期。"))
        if field.data > clock.today() + timedelta(weeks=MOST_WEEKS):
            raise ValidationError(_("最多提前排%(weeks)d周。", weeks=MOST_WEEKS))


class RevisionForm(Form):
    """The revision that the page showed."""

    revision = HiddenField()


class MoveForm(RevisionForm):
    """Who is to answer, and when."""

    adviser_id = SelectField(_l("律师"), [CHOSEN])
    starts = DateTimeLocalField(_l("开始"), [NEEDED])
    ends = DateTimeLocalField(_l("结束"), [NEEDED])

    @property
    def target(self) -> Target:
        """What was filled in, after validation."""
        times = instant(given(self.starts)), instant(given(self.ends))
        return Target(UUID(self.adviser_id.data), *times)


def move_form(turn: OnlineTurn, *, fresh: bool = False) -> MoveForm:
    """Return what was sent; fresh: what the turn is. It offers the lawyers who are there."""
    values = {
        "revision": turn.revision,
        "adviser_id": str(turn.adviser_id),
        "starts": wall(turn.starts_at),
        "ends": wall(turn.ends_at),
    }
    form = MoveForm(formdata=None, data=values) if fresh else MoveForm()
    names = {str(turn.adviser_id): turn.adviser.name}
    names |= {str(one.id): one.name for one in queries.people_here(clock.today())}
    form.adviser_id.choices = list(names.items())
    return form


class SwapForm(RevisionForm):
    """Which turn to exchange with."""

    other = SelectField(_l("对调的班次"), [CHOSEN])


def swap_form(others: Sequence[OnlineTurn], words: Any) -> SwapForm:
    """Return what was sent; it offers `others`, each named by `words`."""
    form = SwapForm()
    form.other.choices = [("", _("请选择")), *((str(one.id), words(one)) for one in others)]
    return form


class CoverForm(Form):
    """Who takes which gap."""

    adviser_id = SelectField(_l("律师"), [CHOSEN], validate_choice=False)
    starts = DateTimeLocalField(_l("开始"), [NEEDED])
    ends = DateTimeLocalField(_l("结束"), [NEEDED])


class NoteForm(RevisionForm):
    """What the next one must know."""

    matters = TextAreaField(_l("还没办完的事"), [Optional(), Length(max=2000)])
    whom_to_call = TextAreaField(_l("要联系谁"), [Optional(), Length(max=500)])


class PhoneForm(Form):
    """The number that a lawyer gives for online duty."""

    phone = PhoneField(_l("我的值班电话"), [Optional()])
    is_public = BooleanField(_l("同意在社区的公开页上显示我的姓名和这个号码"))


class CallForm(Form):
    """One call or message, by one tap."""

    mode = HiddenField(validators=[CHOSEN])
    community_code = SelectField(_l("社区"), [CHOSEN], validate_choice=False)
