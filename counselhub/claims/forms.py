"""The form of a case claim."""

from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, HiddenField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from counselhub.claims.actions import Entry
from counselhub.claims.kinds import AgreementForm, Difficulty
from counselhub.claims.models import CaseClaim
from counselhub.core.forms import Form, given, text
from counselhub.duty.queries import advisers, served_communities
from counselhub.places.models import short_name
from counselhub.services.kinds import DisputeKind

NEEDED = InputRequired(_l("请填写"))
CHOSEN = InputRequired(_l("请选择"))


class ClaimForm(Form):
    """A claim."""

    number = StringField(_l("案件编号"), [NEEDED, Length(max=60)])
    accepted_on = DateField(_l("受理日期"), [NEEDED])
    closed_on = DateField(_l("结案日期"), [NEEDED])
    community_code = SelectField(_l("社区"), [CHOSEN])
    adviser_id = SelectField(_l("律师"), [CHOSEN])
    dispute_kind = SelectField(_l("纠纷类型"), [Optional()])
    difficulty = RadioField(_l("难易等级"), [CHOSEN])
    form = RadioField(_l("协议形式"), [CHOSEN])
    fulfilled = BooleanField(_l("已履行"))
    dossier_complete = BooleanField(_l("卷宗齐全"))
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
            dossier_complete=self.dossier_complete.data,
        )


def claim_form(claim: CaseClaim | None = None, *, fresh: bool = False) -> ClaimForm:
    """Return the form with its choices, filled from `claim`; fresh: never from what was sent."""
    sent = {"formdata": None} if fresh else {}
    form = ClaimForm(obj=claim, **sent)
    places = [(c.code, short_name(c.name)) for c in served_communities()]
    form.community_code.choices = [("", _("请选择")), *places]
    form.adviser_id.choices = [("", _("请选择")), *((str(a.id), a.name) for a in advisers())]
    form.dispute_kind.choices = [("", _("（未填）")), *DisputeKind.choices()]
    form.difficulty.choices = Difficulty.choices()
    form.form.choices = AgreementForm.choices()
    return form
