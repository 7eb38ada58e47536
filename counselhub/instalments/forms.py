"""Forms of instalments: the plan, a condition that is met, an invoice, a payment."""

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from wtforms import (
    BooleanField,
    DateField,
    Field,
    FieldList,
    FormField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.form import Form as PlainForm
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from counselhub.contracts.kinds import PaidBy
from counselhub.core import identifiers, money
from counselhub.core.fields import DecimalField, UpToToday, YuanField
from counselhub.core.forms import RevisionForm, blank_to_none, given, text
from counselhub.instalments.files import Sent
from counselhub.instalments.invoice_actions import Entry
from counselhub.instalments.kinds import Condition, InvoiceKind, Subject
from counselhub.instalments.models import Instalment
from counselhub.instalments.payment_actions import Receipt
from counselhub.instalments.plan_actions import Row
from counselhub.instalments.rules import Share
from counselhub.pairings.scans import LARGEST_BYTES

NEEDED = InputRequired(_l("请填写"))
CHOSEN = InputRequired(_l("请选择"))
SHORT = Length(max=60, message=_l("最多60字"))
WORDS = Length(max=500, message=_l("最多500字"))
PERCENT, AMOUNT = "percent", "amount"
MOST_ROWS, LEAST_ROWS = 12, 4
USUAL = (
    ("首期款", Condition.SIGNING, 50, False),
    ("中期款", Condition.MID_YEAR, 40, False),
    ("考核预留", Condition.ASSESSMENT, 10, True),
)
"""What a plan begins with: its names are the firm's to change."""
ELECTRONIC_NUMBER, PAPER_NUMBER, PAPER_CODE = (
    re.compile(shape) for shape in ("[0-9]{20}", "[0-9]{8}", "[0-9]{10}|[0-9]{12}")
)
SCANS = ".pdf,image/jpeg,image/png"


class PaidByForm(RevisionForm):
    """Whether statements or instalments pay."""

    paid_by = RadioField(_l("付款方式"), [CHOSEN])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the ways."""
        super().__init__(*args, **kwargs)
        self.paid_by.choices = PaidBy.choices()


class RowForm(PlainForm):
    """One instalment of a plan; without a name it is none."""

    name = StringField(_l("名称"), [Optional(), SHORT])
    subject = SelectField(_l("付款事项"), default=Subject.BASE.value)
    condition = SelectField(_l("付款条件"), default=Condition.SIGNING.value)
    due_on = DateField(_l("到期日"), [Optional()])
    share = StringField(_l("比例或金额"), [Optional()])
    is_retention = BooleanField(_l("预留款"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the codes."""
        super().__init__(*args, **kwargs)
        self.subject.choices = Subject.choices()
        self.condition.choices = Condition.choices()

    @property
    def is_blank(self) -> bool:
        """Whether nothing was written into the row."""
        return not (text(self.name).strip() or text(self.share).strip())

    def row(self, share: Decimal | int) -> Row:
        """Return what was written, after validation."""
        return Row(
            name=text(self.name).strip(),
            subject=self.subject.data,
            condition=self.condition.data,
            due_on=self.due_on.data,
            share=Share(share, bool(self.is_retention.data)),
        )


class PlanForm(RevisionForm):
    """The instalments of a contract, all in percent or all in yuan."""

    unit = RadioField(_l("分法"), [CHOSEN])
    rows = FieldList(FormField(RowForm), min_entries=LEAST_ROWS, max_entries=MOST_ROWS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the units."""
        super().__init__(*args, **kwargs)
        self.unit.choices = [(PERCENT, _("按比例（%）")), (AMOUNT, _("按金额（元）"))]

    @property
    def in_percent(self) -> bool:
        """Whether shares are percentages."""
        return bool(self.unit.data == PERCENT)

    def validate_rows(self, field: "FieldList[Any]") -> None:
        """Read each share; a row has a name and a share, or neither. Raises ValidationError."""
        for place, one in enumerate(field, 1):
            if one.form.is_blank:
                continue
            if not text(one.form.name).strip():
                raise ValidationError(_("第 %(place)s 期没有名称。", place=place))
            if one.form.condition.data == Condition.DAY and one.form.due_on.data is None:
                raise ValidationError(_("第 %(place)s 期按日期付款，请填写到期日。", place=place))
            self._share(one.form, place)

    def _share(self, row: RowForm, place: int) -> Decimal | int:
        typed = text(row.share).strip().rstrip("%％")
        try:
            return Decimal(typed) if self.in_percent else money.parse_yuan(typed)
        except (InvalidOperation, money.AmountError) as error:
            raise ValidationError(
                _("第 %(place)s 期的比例或金额应为数字。", place=place)
            ) from error

    def plan(self) -> list[Row]:
        """Return the rows, after validation."""
        filled = [one.form for one in self.rows if not one.form.is_blank]
        return [one.row(self._share(one, place)) for place, one in enumerate(filled, 1)]


def plan_form(there: Sequence[Instalment], subject: str, revision: int) -> PlanForm:
    """Return the form of a plan with what is planned already, else with the usual one."""
    rows: list[dict[str, Any]] = [
        {
            "name": one.name,
            "subject": one.subject,
            "condition": one.condition,
            "due_on": one.due_on,
            "share": money.format_yuan(one.amount_fen),
            "is_retention": one.is_retention,
        }
        for one in there
    ] or [
        {"name": name, "subject": subject, "condition": condition, "share": str(share)}
        | {"is_retention": is_retention}
        for name, condition, share, is_retention in USUAL
    ]
    blank: dict[str, Any] = {"subject": subject}
    rows += [blank] * max(1, LEAST_ROWS - len(rows))
    unit = AMOUNT if there else PERCENT
    return PlanForm(
        formdata=None, data={"revision": revision, "unit": unit, "rows": rows[:MOST_ROWS]}
    )


class FilesForm(RevisionForm):
    """A form with scans."""

    files = MultipleFileField(_l("扫描件或照片"), [Optional()])

    def sent(self) -> list[Sent]:
        """Return the files, each one byte more than it may be at most."""
        return [
            Sent(one.filename or "", one.read(LARGEST_BYTES + 1))
            for one in self.files.data or ()
            if one and one.filename
        ]


class ConditionForm(FilesForm):
    """The day on which a condition was met, and what shows it."""

    met_on = DateField(_l("成立日期"), [NEEDED, UpToToday()])
    words = TextAreaField(_l("说明"), [Optional(), WORDS])


class CancelForm(RevisionForm):
    """Why an instalment is not to be paid."""

    reason = StringField(_l("取消原因"), [NEEDED, WORDS])


class InvoiceForm(FilesForm):
    """An invoice as it is printed."""

    kind = RadioField(_l("发票种类"), [CHOSEN])
    number = StringField(_l("发票号码"), [NEEDED])
    code = StringField(_l("发票代码"), [Optional()])
    issued_on = DateField(_l("开票日期"), [NEEDED, UpToToday()])
    amount_fen = YuanField(_l("价税合计"), [NEEDED])
    tax_percent = DecimalField(
        _l("税率（%）"), [NEEDED, NumberRange(0, 100, _l("税率应在 0 到 100 之间"))], places=None
    )
    buyer = StringField(_l("购买方名称"), [NEEDED, Length(max=100, message=_l("最多100字"))])
    buyer_tax_number = StringField(_l("购买方税号"), [Optional()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the kinds."""
        super().__init__(*args, **kwargs)
        self.kind.choices = InvoiceKind.choices()

    def validate_number(self, field: Field) -> None:
        """Judge by the kind: 20 digits without a code, or 8 with one. Raises ValidationError."""
        is_electronic = self.kind.data == InvoiceKind.ELECTRONIC
        shape = ELECTRONIC_NUMBER if is_electronic else PAPER_NUMBER
        if not shape.fullmatch(text(field)):
            raise ValidationError(
                _("数电发票号码是20位数字。") if is_electronic else _("发票号码是8位数字。")
            )

    def validate_amount_fen(self, field: Field) -> None:
        """Refuse nothing. Raises ValidationError."""
        if field.data == 0:
            raise ValidationError(_("金额应大于 0。"))

    def validate_buyer_tax_number(self, field: Field) -> None:
        """Judge the unified code by its check sign. Raises ValidationError."""
        if not text(field):
            return
        try:
            identifiers.credit_code(text(field))
        except identifiers.IdentifierError as error:
            raise ValidationError(
                _("税号的最后一位校验码不对，请核对。")
                if error.code == "check"
                else _("税号应为18位数字和大写字母（不含 I、O、S、V、Z）。")
            ) from error

    def validate(self, extra_validators: Any = None) -> bool:
        """Judge the code by the kind too: an electronic invoice has none, a paper one has."""
        is_good = super().validate(extra_validators)
        is_electronic = self.kind.data == InvoiceKind.ELECTRONIC
        code = text(self.code)
        if is_electronic == bool(code) or (code and not PAPER_CODE.fullmatch(code)):
            words = _("数电发票没有发票代码，请留空。")
            paper = _("纸质或增值税电子发票的代码是10位或12位数字。")
            self.code.errors = [*self.code.errors, words if is_electronic else paper]
            return False
        return is_good

    def entry(self) -> Entry:
        """Return the invoice, after validation."""
        tax_number = text(self.buyer_tax_number)
        return Entry(
            kind=self.kind.data,
            number=text(self.number),
            code=blank_to_none(self.code),
            issued_on=given(self.issued_on),
            amount_fen=given(self.amount_fen),
            tax_percent=given(self.tax_percent),
            buyer=text(self.buyer),
            buyer_tax_number=identifiers.credit_code(tax_number) if tax_number else None,
        )


class PaymentForm(RevisionForm):
    """A receipt as the bank says it."""

    paid_on = DateField(_l("到账日期"), [NEEDED, UpToToday()])
    received_fen = YuanField(_l("到账金额"), [NEEDED])
    payer = StringField(_l("付款方"), [NEEDED, Length(max=100, message=_l("最多100字"))])
    reference = StringField(_l("银行流水号"), [NEEDED, SHORT])
    is_spread = BooleanField(_l("多出的抵其他到期款"))

    def validate_received_fen(self, field: Field) -> None:
        """Refuse nothing. Raises ValidationError."""
        if field.data == 0:
            raise ValidationError(_("金额应大于 0。"))

    def receipt(self) -> Receipt:
        """Return the receipt, after validation."""
        return Receipt(
            paid_on=given(self.paid_on),
            amount_fen=given(self.received_fen),
            reference=text(self.reference),
            payer=text(self.payer),
        )


class ReversalForm(RevisionForm):
    """Why a payment is taken back."""

    why = StringField(_l("冲销原因"), [NEEDED, WORDS])
