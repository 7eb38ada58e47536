"""Forms of payment lists: what finance paid, what came back, why a list is taken apart."""

from uuid import UUID

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileAllowed, FileField, FileRequired
from wtforms import DateField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from counselhub.core.fields import CodeField
from counselhub.core.forms import Form, RevisionForm

REFERENCE = 64
WORDS = Length(max=500, message=_l("最多500字"))


class PaymentForm(RevisionForm):
    """When finance paid the list, and the number of its slip."""

    paid_on = DateField(_l("支付日期"), [InputRequired(_l("请填写支付日期"))])
    reference = CodeField(
        _l("支付凭证号"), [InputRequired(_l("请填写支付凭证号")), Length(max=REFERENCE)]
    )

    @property
    def references(self) -> dict[UUID, str]:
        """The own slip numbers of some rows, by the row's id; nonsense is left out."""
        found: dict[UUID, str] = {}
        for name, value in request.form.items():
            if name.startswith("reference-") and value.strip():
                try:
                    found[UUID(name.removeprefix("reference-"))] = value.strip()[:REFERENCE]
                except ValueError:
                    continue
        return found


class BounceForm(RevisionForm):
    """When and why the bank sent a payment back."""

    bounced_on = DateField(_l("退汇日期"), [InputRequired(_l("请填写退汇日期"))])
    words = StringField(_l("退汇原因"), [InputRequired(_l("请写明退汇原因")), WORDS])


class ApartForm(RevisionForm):
    """Why a list is given up."""

    words = TextAreaField(_l("拆单原因"), [InputRequired(_l("请写明拆单原因")), WORDS])


class LayoutForm(Form):
    """The workbook that a street's finance wants."""

    file = FileField(
        _l("版式文件（.xlsx）"),
        [FileRequired(_l("请选择一个文件")), FileAllowed(["xlsx"], _l("请选择 .xlsx 文件"))],
    )
