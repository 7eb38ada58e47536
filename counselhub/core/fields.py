"""Form fields of our own: amounts typed in yuan and kept in fen, boxes, hours of the day."""

import unicodedata
from typing import Any

import wtforms
from flask_babel import gettext as _
from wtforms import Field, SelectField, SelectMultipleField, StringField
from wtforms.widgets import CheckboxInput, ListWidget

from counselhub.core import clock, money


class YuanField(StringField):
    """An amount typed in yuan; `data` is whole fen, None when blank. Never negative."""

    data: Any

    def _value(self) -> str:
        """Show what was typed, else the amount without commas."""
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else money.format_yuan(self.data).replace(",", "")

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the yuan. Raises ValueError with the sentence to show at the field."""
        typed = str(valuelist[0]).strip() if valuelist else ""
        self.data = None
        if not typed:
            return
        try:
            fen = money.parse_yuan(typed)
        except money.AmountError as error:
            raise ValueError(_sentence(error.code)) from error
        if fen < 0:
            raise ValueError(_("金额不能是负数。"))
        self.data = fen


def _sentence(code: str) -> str:
    if code == "decimals":
        return str(_("金额最多两位小数，例如 1666.67。"))
    if code == "too_large":
        largest = money.format_yuan(money.LARGEST_GIVEN_FEN)
        return str(_("金额过大，最多 %(largest)s 元，请核对。", largest=largest))
    return str(_("请填写金额数字，单位是元，例如 1666.67。"))


class UpToToday:
    """Offers no later day than today; the action judges what is sent all the same."""

    @property
    def field_flags(self) -> dict[str, str]:
        """The last day that the browser's calendar offers."""
        return {"max": clock.today().isoformat()}

    def __call__(self, _form: Any, _field: Field) -> None:
        """Judge nothing: the rule and its sentence are the action's."""


def half_width(typed: str) -> str:
    """Return full-width digits, letters and signs as the half-width ones that they stand for."""
    return unicodedata.normalize("NFKC", typed)


class CodeField(StringField):
    """A code or number of letters, digits and signs, in half width however it was typed."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the code."""
        super().process_formdata([half_width(str(one)) for one in valuelist])


class TelField(wtforms.TelField):
    """A phone number, in half width however it was typed."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the number."""
        super().process_formdata([half_width(str(one)) for one in valuelist])


class DecimalField(wtforms.DecimalField):
    """A decimal number, in half width however it was typed."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the number. Raises ValueError with the sentence to show."""
        super().process_formdata([half_width(str(one)) for one in valuelist])


class BoxesField(SelectMultipleField):
    """Several choices as check boxes; none sent is none chosen.

    A blank value is none: `Optional` takes a first blank for an empty field and forgives whatever
    else was sent.
    """

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the boxes that were ticked."""
        self.raw_data = [value for value in valuelist if value]
        super().process_formdata(self.raw_data)


class HourField(SelectField):
    """A whole hour of the day; `data` is 0 to 23."""

    def __init__(self, label: Any, **more: Any) -> None:
        super().__init__(label, coerce=int, **more)
        self.choices = [(hour, f"{hour:02d}:00") for hour in range(24)]
