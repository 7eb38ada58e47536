"""Forms of signing in and of the firm's people."""

from flask_babel import lazy_gettext as _l
from wtforms import (
    EmailField,
    HiddenField,
    IntegerField,
    PasswordField,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.validators import EqualTo, InputRequired, Length, NumberRange, Optional

from counselhub.core.forms import Form
from counselhub.core.permissions import Role

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


class ChangePasswordForm(PasswordForm):
    """The present password and a new one, twice."""

    current = PasswordField(_l("当前密码"), [NEEDED])


class ConfirmForm(Form):
    """The password or a second factor, and where to carry on: names that no other form has."""

    confirm_password = PasswordField(_l("登录密码"))
    confirm_code = StringField(_l("6位验证码"), [Length(max=100)])
    confirm_answer = HiddenField()
    confirm_to = HiddenField()
    confirm_back = HiddenField()
    confirm_by = HiddenField()


class RulesForm(Form):
    """What a place asks of its accounts."""

    password_days = IntegerField(
        _l("密码最长使用天数"),
        [Optional(), NumberRange(30, 730, _l("请填写30到730之间的整数，或者留空。"))],
    )


class InviteForm(Form):
    """A colleague to invite; an adviser's account is tied to the adviser on the roll."""

    name = StringField(_l("姓名"), [NEEDED, Length(max=50)])
    email = EmailField(_l("邮箱"), [NEEDED, Length(max=254)])
    role = SelectField(_l("角色"), default=Role.ADVISER.value)
    adviser_id = SelectField(_l("对应的律师"))

    def validate_adviser_id(self, field: SelectField) -> None:
        """An adviser without a place on the roll could log nothing."""
        if self.role.data == Role.ADVISER and not field.data:
            raise ValidationError(_l("法律顾问请选择名册中的本人，值班和服务才能记在名下。"))
