"""Form fields for a person's name and phone: `data` is clean, the fault is told at the field."""

from typing import Any

from flask_babel import gettext as _
from wtforms import StringField

from counselhub.core import personal

QUIET = {"autocomplete": "off", "spellcheck": "false"}
"""The browser of a shared desk neither remembers a client nor sends the name to be spelt."""


class _PersonalField(StringField):
    """A text that is read strictly, and shown again as it was typed."""

    data: Any

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else str(self.data or "")

    def __call__(self, **attributes: Any) -> Any:
        """Render it so that the browser remembers nothing."""
        return super().__call__(**(QUIET | attributes))


class NameField(_PersonalField):
    """A person's name, "" when blank."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the name. Raises ValueError with the sentence to show."""
        self.data = ""
        try:
            self.data = personal.clean_name(str(valuelist[0])) if valuelist else ""
        except personal.BadNameError as error:
            raise ValueError(_name_sentence(error.code)) from error


class PhoneField(_PersonalField):
    """A phone number in its one way of writing, "" when blank."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the number. Raises ValueError with the sentence to show."""
        self.data = ""
        try:
            self.data = personal.normal_phone(str(valuelist[0])) if valuelist else ""
        except personal.PhoneError as error:
            raise ValueError(
                _("请填写手机号或带区号的座机号，例如 13800000001、0755-88880000。")
            ) from error

    def __call__(self, **attributes: Any) -> Any:
        """Render it with the keys of a telephone."""
        return super().__call__(**({"inputmode": "tel"} | attributes))


def _name_sentence(code: str) -> str:
    if code == "long":
        return str(_("姓名最多%(most)s个字。", most=personal.LONGEST_NAME))
    if code == "letters":
        return str(_("姓名里要有文字。"))
    return str(_("姓名只能包含文字、数字、空格和间隔号，不能有表情或其他符号。"))
