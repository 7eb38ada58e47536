"""The answer to alarms."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from counselhub.core.errors import NotFoundError
from counselhub.core.fields import BoxesField
from counselhub.core.forms import Form


class AnswerForm(Form):
    """Which alarms, and what was found out."""

    alarm = BoxesField(
        _l("警报"), [InputRequired(_l("请先勾选要确认的警报"))], validate_choice=False
    )
    words = TextAreaField(
        _l("核实情况和处理"),
        [InputRequired(_l("请写明核实了什么、怎么处理")), Length(min=2, max=500)],
    )

    def ids(self) -> Sequence[UUID]:
        """The chosen alarms. Raises NotFoundError for what is no id."""
        sent: list[Any] = self.alarm.data or []
        try:
            return [UUID(one) for one in sent]
        except ValueError as error:
            raise NotFoundError() from error
