"""Forms of the console."""

from datetime import timedelta

from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from counselhub.core.forms import Form
from counselhub.core.outages import Level

NEEDED = InputRequired(_l("请填写"))
LONGEST = timedelta(days=14)


class OutageForm(Form):
    """A banner in both languages; its times are Shanghai's."""

    level = SelectField(_l("级别"), choices=lambda: Level.choices())
    words_zh = StringField(_l("中文"), [NEEDED, Length(max=200)])
    words_en = StringField(_l("英文"), [NEEDED, Length(max=200)])
    starts = DateTimeLocalField(_l("开始"), [NEEDED])
    ends = DateTimeLocalField(_l("结束"), [NEEDED])

    def validate_ends(self, field: DateTimeLocalField) -> None:
        """It ends after it begins, within two weeks."""
        if self.starts.data and field.data:
            if field.data <= self.starts.data:
                raise ValidationError(_l("结束要晚于开始。"))
            if field.data - self.starts.data > LONGEST:
                raise ValidationError(_l("最长14天，需要更久请到时再发。"))
