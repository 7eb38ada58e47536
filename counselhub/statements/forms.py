"""Forms of a firm's statements."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Regexp

from counselhub.core.forms import Form

NEEDED = DataRequired(_l("请填写"))


class ActForm(Form):
    """An act on a statement as it was when the page was shown."""

    revision = IntegerField(validators=[InputRequired(), NumberRange(min=1)])


class VoidForm(ActForm):
    """Giving a statement up, with the reason."""

    words = TextAreaField(
        _l("作废原因"), [DataRequired(_l("请写明原因，司法所也会看到")), Length(max=300)]
    )


class MakeForm(Form):
    """Which statement to make."""

    street_code = HiddenField(validators=[InputRequired(), Regexp(r"^[0-9]{9}$")])
    month = HiddenField(validators=[InputRequired(), Regexp(r"^[1-9][0-9]{3}-(0[1-9]|1[0-2])$")])


class AccountForm(Form):
    """收款账户."""

    payee = StringField(_l("户名"), [NEEDED, Length(max=100)])
    bank = StringField(_l("开户行"), [NEEDED, Length(max=100)])
    account = StringField(
        _l("账号"),
        [
            NEEDED,
            Length(max=40),
            Regexp(r"^[0-9 -]{6,}$", message=_l("账号只含数字，可以用空格分段，至少6位")),
        ],
    )
