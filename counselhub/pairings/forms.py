"""The form of a pairing."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from counselhub.core.forms import Form, blank_to_none, given, text
from counselhub.duty.queries import served_communities
from counselhub.pairings.actions import Entry
from counselhub.pairings.models import Pairing
from counselhub.places.models import short_name

NEEDED = InputRequired(_l("请填写"))


class PairingForm(Form):
    """A pairing."""

    community_code = SelectField(_l("社区"), [InputRequired(_l("请选择"))])
    party_a = StringField(_l("甲方党组织"), [NEEDED, Length(max=100)])
    party_b = StringField(_l("乙方党组织"), [NEEDED, Length(max=100)])
    signed_on = DateField(_l("签订日期"), [NEEDED])
    valid_until = DateField(_l("有效期至"), [Optional()])
    content = TextAreaField(_l("共建内容"), [Optional(), Length(max=1000)])
    revision = HiddenField()

    def entry(self) -> Entry:
        """What was written, after validation."""
        return Entry(
            community_code=self.community_code.data,
            party_a=text(self.party_a),
            party_b=text(self.party_b),
            signed_on=given(self.signed_on),
            valid_until=self.valid_until.data,
            content=blank_to_none(self.content),
        )


def pairing_form(pairing: Pairing | None = None, *, fresh: bool = False) -> PairingForm:
    """Return the form with its choices, filled from `pairing`; fresh: never from what was sent."""
    sent = {"formdata": None} if fresh else {}
    form = PairingForm(obj=pairing, **sent)
    places = [(c.code, short_name(c.name)) for c in served_communities()]
    form.community_code.choices = [("", _("请选择")), *places]
    return form
