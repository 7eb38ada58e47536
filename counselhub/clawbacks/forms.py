"""Forms of claw-backs."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from counselhub.clawbacks.kinds import ClawbackReason
from counselhub.core import money
from counselhub.core.forms import RevisionForm

NEEDED = InputRequired(_l("请填写"))


class ClawbackForm(RevisionForm):
    """What is taken back of a line, and why."""

    amount = StringField(_l("追回金额"), [NEEDED])
    reason = RadioField(_l("追回原因"), [InputRequired(_l("请选择"))])
    words = TextAreaField(_l("依据说明"), [NEEDED, Length(max=500)])

    amount_fen: int = 0

    def validate_amount(self, field: StringField) -> None:
        """Read the amount as fen. Raises ValidationError."""
        try:
            self.amount_fen = money.parse_yuan(field.data or "")
        except money.AmountError as error:
            raise ValidationError(_l("请填写以元为单位的金额，最多两位小数。")) from error


def clawback_form(**given: object) -> ClawbackForm:
    """Return the form with its choices. given: what it is filled with before anything was sent."""
    form = ClawbackForm(**given)
    form.reason.choices = ClawbackReason.choices()
    return form


class WordsForm(RevisionForm):
    """What the firm objects, or why the office gives it up."""

    words = TextAreaField(_l("说明"), [NEEDED, Length(max=500)])
