"""Forms of paying."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, RadioField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from counselhub.billing.kinds import Interval, InvoiceKind
from counselhub.billing.ordering import Heading
from counselhub.core import identifiers
from counselhub.core.fields import UpToToday
from counselhub.core.forms import RevisionForm, text
from counselhub.core.money import AmountError, parse_yuan

SHORT = Length(max=100, message=_l("最多100字"))
NEEDED = InputRequired(_l("请填写"))


class IntervalForm(RevisionForm):
    """By month or by year."""

    interval = RadioField(_l("计费周期"), [InputRequired(_l("请选择"))])


def interval_form(**given: object) -> IntervalForm:
    """Return the form with its choices."""
    form = IntervalForm(**given)
    form.interval.choices = Interval.choices()
    return form


class InvoiceForm(RevisionForm):
    """What the invoice is to say."""

    kind = RadioField(_l("发票种类"), [InputRequired(_l("请选择"))])
    title = StringField(_l("发票抬头"), [NEEDED, SHORT])
    tax_number = StringField(_l("税号"), [NEEDED])
    address = StringField(_l("注册地址"), [Optional(), SHORT])
    phone = StringField(_l("注册电话"), [Optional(), Length(max=30, message=_l("最多30字"))])
    bank = StringField(_l("开户行"), [Optional(), SHORT])
    account = StringField(_l("银行账号"), [Optional(), Length(max=40, message=_l("最多40字"))])

    def validate_tax_number(self, field: StringField) -> None:
        """Prove the check sign (GB 32100)."""
        try:
            identifiers.credit_code(text(field))
        except identifiers.IdentifierError as error:
            raise ValidationError(_("税号有误，请按营业执照核对18位统一社会信用代码。")) from error

    def validate(self, extra_validators: Any = None) -> bool:
        """A special invoice needs address, phone, bank and account as well."""
        is_valid = super().validate(extra_validators)
        if self.kind.data == InvoiceKind.SPECIAL:
            for field in (self.address, self.phone, self.bank, self.account):
                if not text(field):
                    field.errors = [*field.errors, _("专用发票必须填写")]
                    is_valid = False
        return is_valid

    def heading(self) -> Heading:
        """Return what was filled in."""
        return Heading(
            kind=InvoiceKind.of(self.kind.data),
            title=text(self.title),
            tax_number=identifiers.credit_code(text(self.tax_number)),
            address=text(self.address),
            phone=text(self.phone),
            bank=text(self.bank),
            account=text(self.account),
        )


def invoice_form(**given: object) -> InvoiceForm:
    """Return the form with its choices."""
    form = InvoiceForm(**given)
    form.kind.choices = InvoiceKind.choices()
    return form


class PaidInForm(RevisionForm):
    """Money that came in."""

    amount = StringField(_l("到账金额（元）"), [NEEDED])
    on_day = DateField(_l("到账日期"), [NEEDED, UpToToday()])
    bank_reference = StringField(_l("银行流水号"), [NEEDED, Length(max=64, message=_l("最多64字"))])
    is_part = BooleanField(_l("部分到账"))

    def validate_amount(self, field: StringField) -> None:
        """Take an amount of yuan."""
        try:
            parse_yuan(text(field))
        except AmountError as error:
            raise ValidationError(_("请填写金额，最多两位小数，如 297.00。")) from error

    @property
    def amount_fen(self) -> int:
        """The amount, after validation."""
        return parse_yuan(text(self.amount))


class RefusalForm(RevisionForm):
    """Why an order is given back."""

    words = TextAreaField(_l("退回原因"), [NEEDED, Length(max=500, message=_l("最多500字"))])


class IssueForm(RevisionForm):
    """The number of an invoice."""

    number = StringField(_l("发票号码"), [NEEDED, Length(max=40, message=_l("最多40字"))])
