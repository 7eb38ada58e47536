"""Forms of the office's acts, and of the firm's answer."""

from datetime import date
from typing import cast

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import AnyOf, InputRequired, Length, ValidationError

from counselhub.core import money
from counselhub.core.forms import Form, revision_of
from counselhub.statements.states import QueryReason

NEEDED = InputRequired(_l("请填写"))
WORDS = Length(max=1000, message=_l("最多1000字"))


class RevisionForm(Form):
    """The revision of the row that its reader saw; blank accepts whatever it now is."""

    revision = HiddenField()

    @property
    def seen(self) -> int | None:
        """The revision as a number, None when none was sent."""
        return revision_of(self.revision)


class QueryForm(RevisionForm):
    """Why the office asks about a line, and in what words."""

    reason = RadioField(
        _l("疑问类型"),
        [
            InputRequired(_l("请选择疑问类型")),
            AnyOf([reason.value for reason in QueryReason], _l("请从列出的类型中选择")),
        ],
        validate_choice=False,
    )
    words = TextAreaField(_l("具体说明"), [InputRequired(_l("请写明疑问")), WORDS])


class ReasonForm(RevisionForm):
    """Words that go with a statement sent back."""

    words = TextAreaField(_l("退回原因"), [InputRequired(_l("请写明退回原因")), WORDS])


class PaymentForm(RevisionForm):
    """A payment: day, amount in yuan, and the number of the bank's receipt."""

    paid_on = DateField(_l("支付日期"), [InputRequired(_l("请填写支付日期"))])
    amount = StringField(_l("支付金额"), [NEEDED])
    reference = StringField(
        _l("支付凭证号"), [InputRequired(_l("请填写支付凭证号")), Length(max=64)]
    )

    @property
    def day(self) -> date:
        """The day that was given, of a form that has passed."""
        return cast(date, self.paid_on.data)

    def validate_amount(self, field: StringField) -> None:
        """Read the amount as fen. Raises ValidationError."""
        try:
            self.amount_fen = money.parse_yuan(field.data or "")
        except money.AmountError as error:
            raise ValidationError(
                _l("请填写以元为单位的金额，最多两位小数，如 1,800.00")
            ) from error


class AnswerForm(Form):
    """What the firm answers to one query."""

    words = TextAreaField(_l("答复"), [InputRequired(_l("请写明答复")), WORDS])
