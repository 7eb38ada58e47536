"""Forms of contracts."""

import re
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from counselhub.contracts.actions import Given
from counselhub.contracts.kinds import ContractKind, EndCause
from counselhub.contracts.models import Contract
from counselhub.core.fields import DecimalField, UpToToday, YuanField
from counselhub.core.forms import Form, given, text
from counselhub.schemes import queries as schemes

NEEDED = InputRequired(_l("请填写"))


class CodesField(SelectMultipleField):
    """12-digit community codes; the page draws them, the action knows which exist."""

    def pre_validate(self, form: Any) -> None:
        """Refuse what is no code."""
        if any(not re.fullmatch(r"[0-9]{12}", code) for code in self.data or ()):
            raise ValidationError(_("社区代码应为12位数字。"))


class ContractForm(Form):
    """What a contract says; `find` is the text of the community search beside it."""

    revision = HiddenField()
    renews = HiddenField()
    number = StringField(_l("合同编号"), [NEEDED, Length(max=60)])
    kind = RadioField(_l("合同类型"), [InputRequired(_l("请选择合同类型"))])
    communities = CodesField(_l("社区"), choices=[], validate_choice=False)
    find = StringField(_l("查找社区"))
    starts_on = DateField(_l("开始日期"), [NEEDED])
    ends_on = DateField(_l("结束日期"), [NEEDED])
    signed_on = DateField(_l("签订日期"), [Optional(), UpToToday()])
    scheme_id = SelectField(_l("补贴方案"), [InputRequired(_l("请选择补贴方案"))])
    annual_fen = YuanField(_l("年度金额"), [Optional()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the codes and the firm's schemes."""
        super().__init__(*args, **kwargs)
        self.kind.choices = ContractKind.choices()
        self.scheme_id.choices = [("", str(_("请选择"))), *schemes.choices()]

    def validate_ends_on(self, field: DateField) -> None:
        """Not before the first day."""
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise ValidationError(_("结束日期不能早于开始日期。"))

    @property
    def given(self) -> Given:
        """What was filled in."""
        return Given(
            number=text(self.number),
            kind=text(self.kind),
            starts_on=given(self.starts_on),
            ends_on=given(self.ends_on),
            scheme_id=UUID(self.scheme_id.data),
            communities=tuple(dict.fromkeys(self.communities.data or ())),
            signed_on=self.signed_on.data,
            annual_fen=self.annual_fen.data,
        )


def filled(contract: Contract, **changes: Any) -> ContractForm:
    """Return the form as the contract now is, whatever was sent, with `changes`."""
    values = {
        "revision": contract.revision,
        "number": contract.number,
        "kind": contract.kind,
        "communities": [one.community_code for one in contract.communities],
        "starts_on": contract.starts_on,
        "ends_on": contract.ends_on,
        "signed_on": contract.signed_on,
        "scheme_id": str(contract.scheme_id),
        "annual_fen": contract.annual_fen,
    }
    return ContractForm(formdata=None, data={**values, **changes})


class MoveForm(Form):
    """The page's revision of the contract that is moved."""

    revision = HiddenField()


class SignatureForm(MoveForm):
    """The day of the signature."""

    signed_on = DateField(_l("签订日期"), [NEEDED, UpToToday()])


class TerminationForm(MoveForm):
    """The last day in force and why."""

    last_on = DateField(_l("最后一天"), [NEEDED])
    cause = SelectField(_l("终止事由"), default=EndCause.AGREED.value)
    reason = TextAreaField(_l("终止原因"), [NEEDED, Length(max=500)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the causes."""
        super().__init__(*args, **kwargs)
        self.cause.choices = EndCause.choices()


class ChosenField(SelectMultipleField):
    """Ids of rows; the page draws them, the action knows which may be chosen."""

    def pre_validate(self, form: Any) -> None:
        """Refuse what is no id."""
        try:
            [UUID(one) for one in self.data or ()]
        except ValueError as error:
            raise ValidationError(_("请重新选择。")) from error


class RenewalForm(Form):
    """Which contracts go on, and with what amounts."""

    chosen = ChosenField(_l("合同"), choices=[], validate_choice=False)
    percent = DecimalField(
        _l("金额调整（%）"), [InputRequired(_l("请填写")), NumberRange(-99, 200)], places=None
    )
    scheme_id = SelectField(_l("补贴方案"), [Optional()])
    prolongs = BooleanField(_l("指派到合同最后一天的律师接着指派到下一期"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the firm's schemes."""
        super().__init__(*args, **kwargs)
        self.scheme_id.choices = [("", str(_("各份照旧"))), *schemes.choices()]

    def ids(self) -> list[UUID]:
        """Return the chosen contracts, after validation."""
        return [UUID(one) for one in dict.fromkeys(self.chosen.data or ())]

    def scheme(self) -> UUID | None:
        """Return the scheme for all, None to keep each one's own; after validation."""
        return UUID(self.scheme_id.data) if self.scheme_id.data else None
