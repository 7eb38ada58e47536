"""Forms of service records: the quick entry, and the same record in full."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
    validators,
)
from wtforms.validators import (
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from counselhub.clients.actions import ClientEntry
from counselhub.core import clock, money
from counselhub.core.access import allowed
from counselhub.core.fields import UpToToday
from counselhub.core.forms import Among, Form, WhenGiven, blank_to_none, given, named, text
from counselhub.core.members import Member
from counselhub.core.permissions import Permission
from counselhub.core.personal_fields import NameField, PhoneField
from counselhub.duty.queries import Place, advisers_and_communities, served_communities
from counselhub.places.models import short_name
from counselhub.services import queries
from counselhub.services.actions import Entry
from counselhub.services.kinds import DisputeKind, ServiceKind, ServiceMode
from counselhub.services.models import ServiceRecord

MOST = 100_000
CHOSEN = InputRequired(_l("请选择"))
NEEDED = InputRequired(_l("请填写"))
MINUTES = NumberRange(min=1, max=1440, message=_l("请填写1到1440之间的整数"))
COUNT = NumberRange(min=0, max=MOST, message=_l("请填写0到100000之间的整数"))


class QuickForm(Form):
    """类别, 人次, a few words; the rest has its default."""

    kind = RadioField(_l("服务类别"), [CHOSEN, Among(ServiceKind)], validate_choice=False)
    persons = IntegerField(_l("人次"), [Optional(), COUNT], default=1)
    content = StringField(_l("内容"), [Optional(), Length(max=2000)])
    community_code = SelectField(_l("社区"), [CHOSEN], validate_choice=False)
    adviser_id = SelectField(_l("律师"), [WhenGiven(), validators.UUID()], validate_choice=False)
    client_name = NameField(_l("姓名"), [Optional()])
    client_phone = PhoneField(_l("电话"), [Optional()])
    client_informed = BooleanField(_l("已告知本人：记什么、做什么用、保存多久"))
    mode = SelectField(_l("服务方式"), [Optional(), Among(ServiceMode)], validate_choice=False)
    dispute_kind = SelectField(
        _l("纠纷类型"), [Optional(), Among(DisputeKind)], validate_choice=False
    )
    minutes = IntegerField(_l("用时"), [Optional(), MINUTES])
    day = DateField(_l("日期"), [Optional(), UpToToday()])

    def entry(self) -> Entry:
        """What was written, after validation. Community and lawyer are the action's to judge."""
        adviser, mode, dispute = text(self.adviser_id), text(self.mode), text(self.dispute_kind)
        return Entry(
            kind=ServiceKind(self.kind.data),
            day=self.day.data or clock.today(),
            mode=ServiceMode(mode) if mode else None,
            dispute_kind=DisputeKind(dispute) if dispute else None,
            minutes=self.minutes.data,
            community_code=self.community_code.data,
            adviser_id=UUID(adviser) if adviser else None,
            persons=self.persons.data,
            content=text(self.content),
            client=ClientEntry(
                text(self.client_name), text(self.client_phone), bool(self.client_informed.data)
            ),
        )


class RecordForm(Form):
    """Everything that a record has."""

    kind = SelectField(_l("服务类别"), [CHOSEN])
    day = DateField(_l("日期"), [NEEDED, UpToToday()])
    community_code = SelectField(_l("社区"), [CHOSEN])
    adviser_id = SelectField(_l("律师"), [CHOSEN])
    mode = SelectField(_l("服务方式"), [Optional()])
    dispute_kind = SelectField(_l("纠纷类型"), [Optional()])
    count = IntegerField(_l("件次"), [NEEDED, COUNT])
    persons = IntegerField(_l("人次"), [Optional(), COUNT])
    copies = IntegerField(_l("份数"), [Optional(), COUNT])
    recovered = StringField(_l("挽回损失"), [Optional()])
    content = TextAreaField(_l("内容"), [Optional(), Length(max=2000)])
    outcome = TextAreaField(_l("结果"), [Optional(), Length(max=500)])
    starts = TimeField(_l("开始"), [Optional()])
    ends = TimeField(_l("结束"), [Optional()])
    minutes = IntegerField(_l("用时"), [Optional(), MINUTES])
    place = StringField(_l("服务地点"), [Optional(), Length(max=100)])
    revision = HiddenField()

    def validate_recovered(self, field: Field) -> None:
        """Refuse what is no amount of yuan. Raises ValidationError."""
        try:
            if money.parse_yuan(field.data) < 0:
                raise ValidationError(_("金额不能小于0"))
        except money.AmountError as error:
            raise ValidationError(_("请填写金额，例如 1666.67，最多两位小数")) from error

    def entry(self) -> Entry:
        """What was written, after validation."""
        mode, dispute = text(self.mode), text(self.dispute_kind)
        return Entry(
            kind=ServiceKind(self.kind.data),
            day=given(self.day),
            community_code=self.community_code.data,
            adviser_id=UUID(self.adviser_id.data),
            mode=ServiceMode(mode) if mode else None,
            dispute_kind=DisputeKind(dispute) if dispute else None,
            count=given(self.count),
            persons=self.persons.data,
            copies=self.copies.data,
            recovered_fen=money.parse_yuan(text(self.recovered)) if self.recovered.data else None,
            content=text(self.content),
            outcome=blank_to_none(self.outcome),
            starts=self.starts.data,
            ends=self.ends.data,
            minutes=self.minutes.data,
            place=blank_to_none(self.place),
        )


def quick_form(by: Member, place: str = "", begun: Mapping[str, Any] | None = None) -> QuickForm:
    """Return the empty entry: kinds most used first, the community he is in, himself.

    begun: what a template, a record or an address fills in, by field.
    """
    given_before = {"community_code": place, "adviser_id": str(by.adviser_id or "")}
    form = QuickForm(formdata=None, data=given_before | {"day": clock.today()} | dict(begun or {}))
    offer_all(form, by)
    return form


def offer_all(form: QuickForm, by: Member) -> None:
    """Offer what the entry lets one choose, for a page that shows it."""
    offer(form, by)
    offer_codes(form)
    order_kinds(form, by)


def order_kinds(form: QuickForm, by: Member) -> None:
    """Put the kinds that he uses most first."""
    used = queries.kinds_most_used(by.adviser_id, clock.today())
    form.kind.choices = [(kind.value, kind.label) for kind in used]


def offer_codes(form: Any) -> None:
    """Offer modes and disputes, and to leave them blank."""
    blank = ("", _("（未填）"))
    form.mode.choices = [blank, *ServiceMode.choices()]
    form.dispute_kind.choices = [blank, *DisputeKind.choices()]


def record_form(by: Member, record: ServiceRecord, *, fresh: bool = False) -> RecordForm:
    """Return the form filled from `record`; fresh: never from what was sent."""
    sent = {"formdata": None} if fresh else {}
    form = RecordForm(data=_of(record), **sent)
    offer(form, by)
    if not form.adviser_id.choices:
        form.adviser_id.choices = [(str(record.adviser_id), record.adviser.name)]
    form.kind.choices = ServiceKind.choices()
    offer_codes(form)
    return named(form, f"record-{record.id}")  # it stands below the entry, in the row's place


def offer(form: QuickForm | RecordForm, by: Member) -> None:
    """Offer the firm's communities, and its lawyers to who looks after all; else it is the own."""
    lawyers: list[tuple[str, str]] = []
    if allowed(by, Permission.SERVICE_MANAGE):
        found, served = advisers_and_communities()
        lawyers = [("", _("请选择律师")), *((str(one.id), one.name) for one in found)]
    else:
        served = [Place(*one) for one in served_communities()]
    form.adviser_id.choices = lawyers
    places = [(one.code, short_name(one.name)) for one in served]
    form.community_code.choices = [("", _("请选择社区")), *places]


def _of(record: ServiceRecord) -> dict[str, Any]:
    fen = record.recovered_fen
    return {
        "kind": record.kind,
        "day": record.day,
        "community_code": record.community_code,
        "adviser_id": str(record.adviser_id),
        "mode": record.mode or "",
        "dispute_kind": record.dispute_kind or "",
        "count": record.count,
        "persons": record.persons,
        "copies": record.copies,
        "recovered": None if fen is None else money.format_yuan(fen),
        "content": record.note.content if record.note else "",
        "outcome": record.outcome,
        "starts": record.starts,
        "ends": record.ends,
        "minutes": record.minutes,
        "place": record.place,
        "revision": record.revision,
    }
