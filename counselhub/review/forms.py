"""Forms of the office's acts, and of the firm's answer."""

from datetime import date
from typing import cast

from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import (
    AnyOf,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from counselhub.core import money
from counselhub.core.errors import RefusedError
from counselhub.core.fields import CodeField
from counselhub.core.forms import Form, RevisionForm, revision_of
from counselhub.review import papers
from counselhub.services.attachments import Attachment
from counselhub.statements.states import QueryReason, RefusalReason

NEEDED = InputRequired(_l("请填写"))
WORDS = Length(max=1000, message=_l("最多1000字"))
DAYS = NumberRange(1, 60, _l("请填写 1 到 60 的工作日数"))


class PapersForm(Form):
    """Files that go with words, judged when the form is."""

    files = MultipleFileField(_l("附件"))
    judged: tuple[Attachment, ...] = ()
    """What the files hold, after validation."""

    def validate_files(self, field: MultipleFileField) -> None:
        """Judge each file by its content. Raises ValidationError naming the first that fails."""
        try:
            self.judged = papers.judged(field.data or [])
        except RefusedError as refusal:
            raise ValidationError(refusal.message) from refusal


class QueryForm(PapersForm, RevisionForm):
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


class ReopenForm(RevisionForm):
    """Why an accepted line is to be reviewed again; blank while it can simply be undone."""

    words = TextAreaField(_l("重新审核的理由"), [Optional(), WORDS])


class RefusalForm(RevisionForm):
    """Why the office will not pay a line."""

    reason = RadioField(
        _l("不予支付的原因"),
        [
            InputRequired(_l("请选择原因")),
            AnyOf([reason.value for reason in RefusalReason], _l("请从列出的原因中选择")),
        ],
        validate_choice=False,
    )
    words = TextAreaField(_l("理由"), [InputRequired(_l("请写明理由")), WORDS])


class PaymentForm(RevisionForm):
    """A payment: day, amount in yuan, and the number of the bank's receipt."""

    paid_on = DateField(_l("支付日期"), [InputRequired(_l("请填写支付日期"))])
    amount = StringField(_l("支付金额"), [NEEDED])
    reference = CodeField(_l("支付凭证号"), [InputRequired(_l("请填写支付凭证号")), Length(max=64)])

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


class AnswerForm(PapersForm):
    """What either side adds to a thread. entries: how many its writer had before him."""

    entries = HiddenField()
    words = TextAreaField(_l("内容"), [InputRequired(_l("请写明内容")), WORDS])

    @property
    def seen_entries(self) -> int | None:
        """The number of entries, None when none was sent."""
        return revision_of(self.entries)


class CannedForm(RevisionForm):
    """A sentence of the office, with its blanks in braces."""

    reason = SelectField(_l("疑问类型"))
    words = TextAreaField(_l("常用语"), [InputRequired(_l("请写出常用语")), Length(max=200)])


class DaysForm(Form):
    """How many working days each side has."""

    office_days = IntegerField(_l("司法所审核"), [NEEDED, DAYS])
    firm_days = IntegerField(_l("律所答复或更正"), [NEEDED, DAYS])
    appeal_days = IntegerField(_l("律所申诉"), [NEEDED, DAYS])
