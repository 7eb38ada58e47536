"""Forms of statements of account: whose and which period, what is disputed, an answer."""

from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from counselhub.core.forms import Form, RevisionForm

NEEDED = InputRequired(_l("请填写"))
WORDS = Length(max=500, message=_l("最多500字"))


class PeriodForm(Form):
    """Whose account, and of which days."""

    partner = SelectField(_l("律所和街道"), [InputRequired(_l("请选择"))])
    first_on = DateField(_l("期间开始"), [NEEDED])
    last_on = DateField(_l("期间结束"), [NEEDED])

    @property
    def whose(self) -> tuple[UUID, str]:
        """The firm's id and the street's code, of a form that has passed."""
        firm, _dot, street = str(self.partner.data).partition(".")
        return UUID(firm), street


class DisputeForm(RevisionForm):
    """Which line is disputed, and why."""

    line = SelectField(_l("哪一笔"))
    words = TextAreaField(_l("哪里不符"), [InputRequired(_l("请写明哪里不符")), WORDS])


class AnswerForm(RevisionForm):
    """An answer to what the other side disputes."""

    words = StringField(_l("答复"), [InputRequired(_l("请写明答复")), WORDS])
