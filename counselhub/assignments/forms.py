"""Forms of assignments."""

from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, RadioField, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from counselhub.advisers import queries as advisers
from counselhub.assignments.kinds import AssignmentRole
from counselhub.core import clock
from counselhub.core.forms import Form

NEEDED = InputRequired(_l("请填写"))


class AssignmentForm(Form):
    """Who serves a community, as what, from when to when."""

    adviser_id = SelectField(_l("律师"), [InputRequired(_l("请选择律师"))])
    role = RadioField(_l("角色"), default=AssignmentRole.LEAD.value)
    starts_on = DateField(_l("开始日期"), [NEEDED])
    ends_on = DateField(_l("结束日期"), [Optional()])
    reason = StringField(_l("说明"), [Optional(), Length(max=200)])
    back = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the codes and the advisers, each with the communities led today."""
        super().__init__(*args, **kwargs)
        self.role.choices = AssignmentRole.choices()
        self.adviser_id.choices = [("", str(_("请选择"))), *advisers.choices(clock.today())]

    def validate_ends_on(self, field: DateField) -> None:
        """Not before the first day."""
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise ValidationError(_("结束日期不能早于开始日期。"))

    @property
    def chosen(self) -> UUID:
        """The id of the adviser who was chosen."""
        return UUID(self.adviser_id.data)


class EndingForm(Form):
    """The last day of an assignment and why."""

    revision = HiddenField()
    last_on = DateField(_l("最后一天"), [NEEDED])
    reason = StringField(_l("原因"), [NEEDED, Length(max=200)])
