"""The form of a token."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, StringField
from wtforms.validators import InputRequired, Length

from counselhub.core.fields import BoxesField
from counselhub.core.forms import Form, given, text
from counselhub.core.permissions import Role
from counselhub.tokens.actions import Given

NEEDED = InputRequired(_l("请填写"))


class TokenForm(Form):
    """What a new token is to be."""

    name = StringField(_l("用途"), [NEEDED, Length(max=60)])
    role = RadioField(_l("能看到的范围"), [InputRequired(_l("请选择"))])
    scopes = BoxesField(_l("权限"), [InputRequired(_l("请至少选择一项权限。"))])
    expires_on = DateField(_l("最后一天（最长一年）"), [NEEDED])

    def __init__(
        self, *args: Any, roles: list[tuple[str, str]], scopes: list[tuple[str, str]], **more: Any
    ) -> None:
        """roles, scopes: code and words of what may be chosen."""
        super().__init__(*args, **more)
        self.role.choices, self.scopes.choices = roles, scopes

    @property
    def given(self) -> Given:
        """What was filled in, after validation."""
        return Given(
            name=text(self.name),
            role=Role(text(self.role)),
            scopes=tuple(self.scopes.data or ()),
            expires_on=given(self.expires_on),
        )
