"""Forms of receipts: a bank's file and its columns, allocations, reasons, write-offs, the limit."""

from typing import Any
from uuid import UUID

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileAllowed, FileField, FileRequired
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from counselhub.core import money
from counselhub.core.errors import RefusedError
from counselhub.core.forms import Form, RevisionForm, text
from counselhub.core.uploads import UploadError
from counselhub.receipts import grids
from counselhub.receipts.mapping import Field, Mapping

NEEDED = InputRequired(_l("请填写"))
SHORT = Length(max=60, message=_l("最多60字"))
WORDS = Length(max=300, message=_l("最多300字"))
YUAN = _l("请填写以元为单位的金额，最多两位小数，如 1,800.00")


class FileForm(Form):
    """A bank's statement of account, and which bank's it is."""

    bank = StringField(_l("银行账户"), [NEEDED, SHORT])
    file = FileField(
        _l("网银流水（.csv、.txt 或 .xlsx）"),
        [
            FileRequired(_l("请选择一个文件")),
            FileAllowed(["csv", "txt", "xlsx"], _l("请选择 .csv、.txt 或 .xlsx 文件")),
        ],
    )

    def validate_file(self, field: FileField) -> None:
        """Judge the content, whatever the name says: nothing else is kept."""
        try:
            grids.opened(field.data.read())
        except UploadError as refusal:
            raise ValidationError(refusal.message) from refusal
        finally:
            field.data.seek(0)


class ColumnsForm(Form):
    """Which column holds what; '' for none."""

    bank = HiddenField()
    day = SelectField(Field.DAY.word)
    credit = SelectField(Field.CREDIT.word)
    debit = SelectField(Field.DEBIT.word)
    amount = SelectField(Field.AMOUNT.word)
    payer = SelectField(Field.PAYER.word)
    account = SelectField(Field.ACCOUNT.word)
    reference = SelectField(Field.REFERENCE.word)
    note = SelectField(Field.NOTE.word)
    serial = SelectField(Field.SERIAL.word)

    def offer(self, headers: list[str], chosen: Mapping) -> None:
        """Offer the file's headers for each field; label and choice in the reader's language."""
        for one in Field:
            select: Any = self[one.value]
            select.label.text = one.label
            select.choices = [("", _("（没有这一列）")), *((name, name) for name in headers)]
            select.data = chosen.columns.get(one.value, "")


def columns_in(source: Any) -> Mapping | None:
    """Return the columns that a form or an address names, None when it names none."""
    named = {one.value: source.get(one.value, "") for one in Field if source.get(one.value)}
    return Mapping(named) if named else None


class AllocationForm(RevisionForm):
    """Amounts in yuan for statements: fields `amount-<id>`, blank for none."""

    @property
    def typed(self) -> dict[str, str]:
        """What was typed, by the statement's id."""
        fields = {name: value.strip() for name, value in request.form.items() if value.strip()}
        return {
            name.removeprefix("amount-"): value
            for name, value in fields.items()
            if name.startswith("amount-")
        }

    @property
    def parts(self) -> dict[UUID, int]:
        """The amounts in fen. Raises RefusedError for what is no amount or no statement."""
        try:
            return {UUID(key): money.parse_yuan(value) for key, value in self.typed.items()}
        except ValueError as error:
            raise RefusedError(YUAN) from error


class WordsForm(RevisionForm):
    """Why something is set aside or taken back."""

    words = StringField(_l("原因"), [InputRequired(_l("请写明原因")), WORDS])


class YuanForm(RevisionForm):
    """An amount in yuan."""

    amount = StringField(_l("金额（元）"), [NEEDED])
    amount_fen = 0

    def validate_amount(self, field: StringField) -> None:
        """Read it as fen. Raises ValidationError."""
        try:
            self.amount_fen = money.parse_yuan(text(field))
        except money.AmountError as error:
            raise ValidationError(YUAN) from error


class WriteOffForm(YuanForm):
    """A difference to let go, and why."""

    words = StringField(_l("核销原因"), [InputRequired(_l("请写明核销的原因")), WORDS])
