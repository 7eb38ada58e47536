"""Forms of the office's reading of dossiers."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from counselhub.claims.dossier_models import ClaimReading
from counselhub.claims.kinds import ClawReason, Difficulty, Refusal, Verdict
from counselhub.claims.models import CaseClaim
from counselhub.core.forms import RevisionForm, text
from counselhub.review.readings import Finding

CHOSEN = InputRequired(_l("请选择"))
WORDS = Length(max=1000, message=_l("最多1000字"))


class FindingForm(RevisionForm):
    """The first reading."""

    difficulty = RadioField(_l("司法所认定等级"), [CHOSEN])
    verdict = RadioField(_l("初审意见"), [CHOSEN])
    reason = SelectField(_l("不予补贴原因"), [Optional()])
    words = TextAreaField(_l("说明"), [Optional(), WORDS])

    def finding(self) -> Finding:
        """What was written, after validation."""
        reason = text(self.reason)
        return Finding(
            Difficulty.of(self.difficulty.data),
            Verdict.of(self.verdict.data),
            Refusal.of(reason) if reason else None,
            text(self.words),
        )


def finding_form(claim: CaseClaim, row: ClaimReading | None, *, fresh: bool = False) -> FindingForm:
    """Return the form, filled from the reading, else with the class that the firm claims."""
    sent = {"formdata": None} if fresh else {}
    form = FindingForm(obj=row, data={"difficulty": claim.difficulty}, **sent)
    form.difficulty.choices = Difficulty.choices()
    form.verdict.choices = Verdict.choices()
    found = [one for one in Refusal.choices() if one[0] != Refusal.LINE]
    form.reason.choices = [("", ""), *found]
    if fresh:
        form.revision.data = str(row.revision) if row else ""
    return form


class SecondForm(RevisionForm):
    """The second reading."""

    words = TextAreaField(_l("复核意见"), [Optional(), WORDS])


class ClawForm(RevisionForm):
    """Why a payment is demanded back."""

    reason = SelectField(_l("追回原因"), [CHOSEN])
    words = TextAreaField(_l("审计发现"), [InputRequired(_l("请写明审计发现了什么")), WORDS])


def claw_form(**shown: str) -> ClawForm:
    """Return the form with its choices. shown: what an empty one holds, never what was sent."""
    form = ClawForm(formdata=None, **shown) if shown else ClawForm()
    form.reason.choices = [("", ""), *ClawReason.choices()]
    return form
