"""Forms of signing in and of the firm's people."""

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, PasswordField, SelectField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from counselhub.core.forms import Form

NEEDED = InputRequired(_l("请填写"))


class SignInForm(Form):
    """邮箱 and password."""

    email = EmailField(_l("邮箱"), [NEEDED])
    password = PasswordField(_l("密码"), [NEEDED])


class PasswordForm(Form):
    """A new password, twice."""

    password = PasswordField(_l("新密码"), [NEEDED])
    again = PasswordField(
        _l("再输入一次"), [NEEDED, EqualTo("password", _l("两次输入的密码不一致"))]
    )


class InviteForm(Form):
    """A colleague to invite; an adviser's account is tied to the adviser on the roll."""

    name = StringField(_l("姓名"), [NEEDED, Length(max=50)])
    email = EmailField(_l("邮箱"), [NEEDED, Length(max=254)])
    role = SelectField(_l("角色"))
    adviser_id = SelectField(_l("对应的律师"))
