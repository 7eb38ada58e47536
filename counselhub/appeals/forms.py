"""Forms of appeals."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import AnyOf, InputRequired, Length, ValidationError

from counselhub.appeals.states import AppealStatus
from counselhub.core import money
from counselhub.core.forms import RevisionForm, WhenGiven
from counselhub.review.forms import PapersForm

WORDS = Length(max=2000, message=_l("最多2000字"))
OUTCOMES = (AppealStatus.UPHELD, AppealStatus.PARTLY, AppealStatus.DISMISSED)


class AppealForm(PapersForm):
    """Why the firm appeals, with files."""

    words = TextAreaField(_l("申诉理由"), [InputRequired(_l("请写明申诉的理由")), WORDS])


class DecisionForm(RevisionForm):
    """What the bureau decides, and why."""

    outcome = RadioField(
        _l("裁定"),
        [
            InputRequired(_l("请选择裁定结果")),
            AnyOf([one.value for one in OUTCOMES], _l("请从列出的结果中选择")),
        ],
        validate_choice=False,
    )
    amount = StringField(_l("支持的金额"), [WhenGiven()])
    words = TextAreaField(_l("裁定理由"), [InputRequired(_l("请写明裁定的理由")), WORDS])
    amount_fen: int | None = None

    def validate_amount(self, field: StringField) -> None:
        """Read the amount as fen. Raises ValidationError."""
        try:
            self.amount_fen = money.parse_yuan(field.data or "")
        except money.AmountError as error:
            raise ValidationError(
                _l("请填写以元为单位的金额，最多两位小数，如 1,800.00")
            ) from error


def decision_form(revision: int | None = None) -> DecisionForm:
    """Return the form with its choices: as it was sent, or with a revision afresh."""
    fresh = {} if revision is None else {"formdata": None, "revision": revision}
    form = DecisionForm(**fresh)
    form.outcome.choices = [(one.value, one.label) for one in OUTCOMES]
    return form
