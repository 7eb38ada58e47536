"""How somebody wants to be told, as a form of the kinds that may reach them."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField

from counselhub.core.fields import HourField
from counselhub.core.forms import Form
from counselhub.notices.choosing import Wish
from counselhub.notices.kinds import Kind, Language, Mode
from counselhub.notices.rules import Hours
from counselhub.notices.texts import ABOUT

USUAL = Hours()


class HoursForm(Form):
    """When one is left in peace, and what mail is written in."""

    quiet_from = HourField(_l("免打扰从"), default=USUAL.quiet_from)
    quiet_until = HourField(_l("免打扰到"), default=USUAL.quiet_until)
    rests = BooleanField(_l("周末和节假日不发邮件"))
    digest_at = HourField(_l("每日汇总时间"), default=USUAL.digest_at)
    language = SelectField(_l("邮件用的语言"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language.choices = Language.choices()
        for kind in self.kinds():
            self[kind.value].choices = [
                (mode.value, mode.label)
                for mode in Mode
                if mode is not Mode.OFF or ABOUT[kind].may_be_off
            ]

    def kinds(self) -> list[Kind]:
        """Return the kinds that have a field."""
        return [kind for kind in Kind if kind.value in self]

    def wish(self) -> Wish:
        """Return what was chosen, after validation."""
        modes = {kind: Mode.of(self[kind.value].data) for kind in self.kinds()}
        hours = Hours(
            self.quiet_from.data, self.quiet_until.data, self.rests.data, self.digest_at.data
        )
        return Wish(modes, hours, Language.of(self.language.data))


def form_for(kinds: Iterable[Kind]) -> type[HoursForm]:
    """Return a form with a field for each kind, named by its code."""
    fields = {kind.value: SelectField(kind.label) for kind in kinds}
    return type("ChoicesForm", (HoursForm,), fields)
