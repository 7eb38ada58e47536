"""The form of a scheme; every number is explained by the sentence it means."""

from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from counselhub.core.errors import FaultsError
from counselhub.core.fields import DecimalField, YuanField
from counselhub.core.forms import Form, blank_to_none
from counselhub.schemes.kinds import DeductionMode, LowestGrade, SettlementCycle
from counselhub.schemes.models import SchemeVersion
from counselhub.schemes.rules import Terms

NEEDED = InputRequired(_l("请填写"))
LARGEST = 1_000_000
COUNT = [Optional(), NumberRange(0, LARGEST, _l("请填写 0 或更大的整数。"))]
PERCENT = [Optional(), NumberRange(0, 100, _l("应在 0 到 100 之间。"))]
AMOUNT = [Optional()]


def _decimals(most: int) -> Any:
    """Return the check that a number has at most so many decimals: what a column keeps."""

    def check(_form: Any, field: Any) -> None:
        if field.data is not None and _places(field.data) > most:
            raise ValidationError(_("最多%(most)d位小数。", most=most))

    return check


def _places(number: Decimal) -> int:
    """Return how many decimals are written, zeros at the end not counted; 0 for no number."""
    if not number.is_finite():
        return 0
    _sign, digits, exponent = number.as_tuple()
    zeros = next((place for place, digit in enumerate(reversed(digits)) if digit), len(digits))
    return max(0, -int(exponent) - zeros)


def percent_field(label: Any) -> Any:
    """Return a field for a percentage with at most four decimals."""
    return DecimalField(label, [*PERCENT, _decimals(4)], places=None)


class VersionForm(Form):
    """The terms of one version, in the order of the workbook's sheet."""

    revision = HiddenField()
    effective_from = DateField(_l("从哪天起执行"), [Optional()])
    annual_fen = YuanField(_l("年度标准"), [NEEDED])
    cycle = SelectField(_l("结算周期"))
    required_hours = DecimalField(
        _l("每月应服务时长"),
        [Optional(), NumberRange(0, 744, _l("应在 0 到 744 小时之间。")), _decimals(2)],
        places=None,
    )
    required_visits = IntegerField(_l("每月应到次数"), COUNT)
    shortest_visit_minutes = IntegerField(_l("有效到岗最短时长"), COUNT)
    lowest_grade = SelectField(_l("最低证据等级"), [Optional()], default="")
    deduction_mode = SelectField(_l("扣减方式"))
    deduction_fen = YuanField(_l("扣减标准"), AMOUNT)
    lecture_fen = YuanField(_l("讲座补贴"), AMOUNT)
    lecture_quarter_cap = IntegerField(_l("讲座每季封顶"), COUNT)
    online_day_fen = YuanField(_l("线上值守"), AMOUNT)
    case_simple_fen = YuanField(_l("简易案件"), AMOUNT)
    case_ordinary_fen = YuanField(_l("普通案件"), AMOUNT)
    case_major_fen = YuanField(_l("重大案件"), AMOUNT)
    case_extraordinary_fen = YuanField(_l("特别重大案件"), AMOUNT)
    oral_percent = percent_field(_l("口头协议比例"))
    case_year_cap_fen = YuanField(_l("以案定补年封顶"), AMOUNT)
    withhold_percent = percent_field(_l("考核预留"))
    city_percent = percent_field(_l("市级分担"))
    district_percent = percent_field(_l("区级分担"))
    street_percent = percent_field(_l("街道分担"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the codes in the reader's language."""
        super().__init__(*args, **kwargs)
        self.cycle.choices = SettlementCycle.choices()
        self.deduction_mode.choices = DeductionMode.choices()
        self.lowest_grade.choices = [("", _("不要求")), *LowestGrade.choices()]

    @property
    def terms(self) -> Terms:
        """What was filled in."""
        given = {name: self[name].data for name in Terms.__slots__}
        return Terms(**given | {"lowest_grade": blank_to_none(self.lowest_grade)})

    def show_faults(self, refusal: FaultsError) -> None:
        """Show each sentence at its field."""
        for fault in refusal.faults:
            field = self[fault["cell"]]
            field.errors = [*field.errors, fault["message"]]


class SchemeForm(VersionForm):
    """A scheme with its first version."""

    first = ("code", "name", "effective_from")
    code = StringField(
        _l("方案代码"),
        [NEEDED, Length(max=40), Regexp(r"^\S+$", message=_l("代码里不能有空格。"))],
    )
    name = StringField(_l("名称"), [NEEDED, Length(max=100)])


class RenameForm(Form):
    """Another name for a scheme."""

    name = StringField(_l("名称"), [NEEDED, Length(max=100)])


def filled(version: SchemeVersion, **changes: Any) -> VersionForm:
    """Return the form with a version's terms as they now are, whatever was sent."""
    values = {**Terms.of(version).columns(), "revision": version.revision, **changes}
    values["lowest_grade"] = values["lowest_grade"] or ""
    for name, value in values.items():
        if name.endswith(("percent", "hours")) and value is not None:
            values[name] = plain(value)
    return VersionForm(formdata=None, data=values)


def plain(number: Any) -> Any:
    """Return a Decimal without the zeros at its end: 50.0000 is 50."""
    return number.quantize(1) if number == number.to_integral_value() else number.normalize()
