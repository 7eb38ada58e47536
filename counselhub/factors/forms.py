"""Forms of the second step."""

from flask_babel import lazy_gettext as _l
from wtforms import (
    HiddenField,
    IntegerField,
    PasswordField,
    StringField,
)
from wtforms.validators import InputRequired, Length, NumberRange

from counselhub.core.fields import BoxesField
from counselhub.core.forms import Form

NEEDED = InputRequired(_l("请填写"))
LONG = Length(max=100, message=_l("内容太长，请检查是否填错了位置。"))


class ConfirmationForm(Form):
    """The first code of an app."""

    code = StringField(_l("应用里显示的6位验证码"), [NEEDED, LONG])


class StepForm(Form):
    """A one-time or recovery code, or what a passkey has signed."""

    code = StringField(_l("6位验证码，或一个恢复码"), [LONG])
    answer = HiddenField()


class ProofForm(StepForm):
    """The password once more, and the second factor."""

    password = PasswordField(_l("当前密码"), [NEEDED])


class PasskeyForm(Form):
    """A name for a passkey, and what the browser has made."""

    name = StringField(
        _l("给这个通行密钥起个名字"),
        [NEEDED, Length(max=40, message=_l("最多40个字。"))],
    )
    answer = HiddenField()


class RulesForm(Form):
    """Which roles need a second factor; `seen` is what the page showed as asked for."""

    roles = BoxesField(_l("必须设置两步验证的角色"), validate_choice=False)
    grace_days = IntegerField(
        _l("宽限期"),
        [
            InputRequired(_l("请填写天数，0表示立即生效。")),
            NumberRange(min=0, max=90, message=_l("宽限期为0到90天。")),
        ],
        default=7,
    )
    seen = HiddenField()
