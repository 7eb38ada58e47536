"""The form of a case claim."""

from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    validators,
)
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from counselhub.claims.actions import Entry
from counselhub.claims.kinds import AgreementForm, Difficulty
from counselhub.claims.models import CaseClaim
from counselhub.clients.actions import ClientEntry
from counselhub.clients.cases import Party
from counselhub.clients.models import Client
from counselhub.clients.queries import client_of_claim, offered
from counselhub.clients.seals import Masked
from counselhub.core.access import fetch
from counselhub.core.fields import UpToToday
from counselhub.core.forms import Form, WhenGiven, given, text
from counselhub.core.personal_fields import NameField, PhoneField
from counselhub.duty.queries import advisers_and_communities
from counselhub.places.models import short_name
from counselhub.services.kinds import DisputeKind

NEEDED = InputRequired(_l("请填写"))
CHOSEN = InputRequired(_l("请选择"))


class ClaimForm(Form):
    """A claim."""

    number = StringField(_l("案件编号"), [NEEDED, Length(max=60)])
    accepted_on = DateField(_l("受理日期"), [NEEDED, UpToToday()])
    closed_on = DateField(_l("结案日期"), [NEEDED, UpToToday()])
    community_code = SelectField(_l("社区"), [CHOSEN])
    adviser_id = SelectField(_l("律师"), [CHOSEN])
    dispute_kind = SelectField(_l("纠纷类型"), [Optional()])
    difficulty = RadioField(_l("难易等级"), [CHOSEN])
    form = RadioField(_l("协议形式"), [CHOSEN])
    fulfilled = BooleanField(_l("已履行"))
    client_id = SelectField(_l("服务对象"), [WhenGiven(), validators.UUID()], validate_choice=False)
    client_name = NameField(_l("姓名"), [Optional()])
    client_phone = PhoneField(_l("电话"), [Optional()])
    client_informed = BooleanField(_l("已告知本人：记什么、做什么用、保存多久"))
    client_seen = HiddenField()
    revision = HiddenField()

    def entry(self) -> Entry:
        """What was written, after validation."""
        dispute = text(self.dispute_kind)
        return Entry(
            number=text(self.number),
            accepted_on=given(self.accepted_on),
            closed_on=given(self.closed_on),
            community_code=self.community_code.data,
            adviser_id=UUID(self.adviser_id.data),
            dispute_kind=DisputeKind(dispute) if dispute else None,
            difficulty=Difficulty(self.difficulty.data),
            form=AgreementForm(self.form.data),
            fulfilled=self.fulfilled.data,
        )

    def validate_client_id(self, field: Field) -> None:
        """Refuse somebody chosen and somebody else written at once. Raises ValidationError."""
        is_new = field.data and field.data != text(self.client_seen)
        if is_new and (self.client_name.data or self.client_phone.data):
            raise ValidationError(_("请从列表里选一位，或者填写新的一位，不要两样都填。"))

    def party(self) -> Party:
        """Whom it is to name. Raises NotFoundError for a client who is not in sight."""
        seen, chosen = _uuid(self.client_seen), _uuid(self.client_id)
        is_kept = chosen is not None and chosen == seen
        return Party(
            client=fetch(Client, chosen) if chosen and not is_kept else None,
            entry=ClientEntry(
                text(self.client_name), text(self.client_phone), bool(self.client_informed.data)
            ),
            seen=seen,
            is_kept=is_kept,
        )


def _uuid(field: Field) -> UUID | None:
    """Return the id that a field holds; one that is none names nobody whom there is."""
    try:
        return UUID(text(field)) if text(field) else None
    except ValueError:
        return UUID(int=0)


def claim_form(claim: CaseClaim | None = None, *, fresh: bool = False) -> ClaimForm:
    """Return the form with its choices, filled from `claim`; fresh: never from what was sent."""
    sent = {"formdata": None} if fresh else {}
    present = client_of_claim(claim.id) if claim else None
    named = str(present or "")
    form = ClaimForm(obj=claim, data={"client_id": named, "client_seen": named}, **sent)
    lawyers, served = advisers_and_communities()
    places = [(c.code, short_name(c.name)) for c in served]
    form.community_code.choices = [("", _("请选择")), *places]
    form.adviser_id.choices = [("", _("请选择")), *((str(a.id), a.name) for a in lawyers)]
    form.dispute_kind.choices = [("", _("（未填）")), *DisputeKind.choices()]
    form.difficulty.choices = Difficulty.choices()
    form.form.choices = AgreementForm.choices()
    form.client_id.choices = _clients(present)
    return form


def _clients(present: UUID | None) -> list[tuple[str, str]]:
    """Offer nobody, whom it names, and the newest clients, masked."""
    found = offered(present)
    unseen = present is not None and all(one.id != present for one, _day in found)
    kept = [(str(present), _("（已登记，您看不到是谁）"))] if unseen else []
    return [("", _("（不登记）")), *kept, *((str(one.id), _label(one, day)) for one, day in found)]


def _label(one: Masked, day: date) -> str:
    if one.is_erased:
        return str(_("已删除"))
    if one.is_unreadable:
        return str(_("无法解密"))
    who = f"{one.name or _('未留姓名')} {one.phone}".strip()
    return str(_("%(who)s · %(day)s登记", who=who, day=f"{day:%m-%d}"))
