"""The form of a street's rule."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from counselhub.core import money
from counselhub.core.forms import RevisionForm, text
from counselhub.cutoffs.rules import Terms

NEEDED = InputRequired(_l("请填写"))


class RuleForm(RevisionForm):
    """结算规则 of a street."""

    cutoff_day = IntegerField(
        _l("截止日（次月几日，0 为不设）"),
        [NEEDED, NumberRange(0, 28, _l("请填 0 到 28 之间的整数"))],
    )
    reminder_days = IntegerField(
        _l("提前几天提醒律所"), [NEEDED, NumberRange(0, 15, _l("请填 0 到 15 之间的整数"))]
    )
    late_months = IntegerField(
        _l("可补录几个月以前的记录（0 为不受理）"),
        [NEEDED, NumberRange(0, 24, _l("请填 0 到 24 之间的整数"))],
    )
    late_cap = StringField(_l("每份结算单补录合计上限"), [Optional()])

    late_cap_fen: int | None = None

    def validate_late_cap(self, field: StringField) -> None:
        """Read the cap as fen, above 0. Raises ValidationError."""
        try:
            self.late_cap_fen = money.parse_yuan(text(field))
        except money.AmountError as error:
            raise ValidationError(_("请填写以元为单位的金额，最多两位小数。")) from error
        if self.late_cap_fen <= 0:
            raise ValidationError(_("上限须大于 0；不设上限请留空。"))

    @property
    def terms(self) -> Terms:
        """What was given, of a form that has passed."""
        return Terms(
            late_months=self.late_months.data or 0,
            late_cap_fen=self.late_cap_fen,
            cutoff_day=self.cutoff_day.data or 0,
            reminder_days=self.reminder_days.data or 0,
        )
