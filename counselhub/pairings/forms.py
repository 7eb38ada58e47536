"""Forms of agreements."""

from collections.abc import Sequence
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from counselhub.core.fields import BoxesField, UpToToday
from counselhub.core.forms import Form, blank_to_none, text
from counselhub.duty.queries import served_communities
from counselhub.pairings.actions import Entry
from counselhub.pairings.kinds import PairingStatus, Topic
from counselhub.pairings.models import Pairing
from counselhub.pairings.scans import LARGEST_BYTES, Sent
from counselhub.places.models import short_name

NEEDED = InputRequired(_l("请填写"))
WORDS = Length(max=1000, message=_l("最多1000字"))
NAME = Length(max=100, message=_l("最多100字"))


class PairingForm(Form):
    """An agreement; signed_on is asked for once it is signed."""

    revision = HiddenField()
    renews = HiddenField()
    community_code = SelectField(_l("社区"), [InputRequired(_l("请选择"))])
    party_a = StringField(_l("甲方党组织"), [NEEDED, NAME])
    party_b = StringField(_l("乙方党组织"), [NEEDED, NAME])
    signed_on = DateField(_l("签订日期"), [Optional(), UpToToday()])
    valid_until = DateField(_l("有效期至"), [Optional()])
    topics = BoxesField(
        _l("共建内容"),
        [Optional()],
        choices=[],
    )
    content = TextAreaField(_l("内容说明"), [Optional(), WORDS])
    principles = TextAreaField(_l("共建原则"), [Optional(), WORDS])

    def entry(self) -> Entry:
        """What was written, after validation."""
        return Entry(
            community_code=self.community_code.data,
            party_a=text(self.party_a),
            party_b=text(self.party_b),
            valid_until=self.valid_until.data,
            topics=tuple(self.topics.data or ()),
            content=blank_to_none(self.content),
            principles=blank_to_none(self.principles),
        )

    def renewed_id(self) -> UUID | None:
        """The agreement that a new one continues, None for none or for nonsense."""
        try:
            return UUID(text(self.renews))
        except ValueError:
            return None


def pairing_form(
    pairing: Pairing | None = None, *, fresh: bool = False, **begins: object
) -> PairingForm:
    """Return the form with its choices, filled from `pairing` or from what a new one begins with.

    fresh: never from what was sent.
    """
    sent = {"formdata": None} if fresh else {}
    form = PairingForm(obj=pairing, **sent, **begins)
    places = [(one.code, short_name(one.name)) for one in served_communities()]
    mine = pairing.community_code if pairing else begins.get("community_code")
    if pairing is not None and mine not in {code for code, _name in places}:
        places.append((pairing.community_code, pairing.community.short_name))
    form.community_code.choices = [("", _("请选择")), *places]
    form.topics.choices = Topic.choices()
    if pairing is None or pairing.status == PairingStatus.DRAFT:
        del form.signed_on
    return form


class ActForm(Form):
    """An act on something: the revision that its reader saw, and words with it."""

    revision = HiddenField()
    words = TextAreaField(_l("说明"), [Optional(), WORDS])


class SignForm(Form):
    """The day of the signatures and the scan."""

    revision = HiddenField()
    signed_on = DateField(_l("签订日期"), [NEEDED, UpToToday()])
    scans = MultipleFileField(_l("协议扫描件"), [Optional()])


class ScanForm(Form):
    """One file more."""

    scans = MultipleFileField(_l("协议扫描件"), [Optional()])


class EndForm(Form):
    """The last day and why."""

    revision = HiddenField()
    ended_on = DateField(_l("结束日期"), [NEEDED])
    reason = TextAreaField(_l("结束原因"), [NEEDED, WORDS])


class NoticeForm(Form):
    """How long before the last day an agreement asks for renewal."""

    days = IntegerField(
        _l("提前提醒天数"), [NEEDED, NumberRange(1, 365, message=_l("请填 1 至 365 的整数"))]
    )


def sent_files(form: SignForm | ScanForm) -> Sequence[Sent]:
    """Return the files that came with a form, each read one byte past the limit at most."""
    return [
        Sent(one.filename or _("扫描件"), one.read(LARGEST_BYTES + 1))
        for one in form.scans.data or ()
        if one
    ]
