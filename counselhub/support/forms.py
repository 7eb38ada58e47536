"""The forms of a consent and of an entry."""

from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from counselhub.core.forms import Form, text
from counselhub.support.actions import Given
from counselhub.support.rules import HOURS, USUAL_HOURS

NEEDED = InputRequired(_l("请填写"))
ANYBODY = ""


class ConsentForm(Form):
    """Whom the operator may act for, why, and how long."""

    membership = SelectField(_l("以谁的账号"))
    why = StringField(_l("请平台帮忙看什么"), [NEEDED, Length(max=200)])
    hours = SelectField(_l("多久"), default=str(USUAL_HOURS))

    def __init__(self, *args: Any, people: list[tuple[str, str]], **more: Any) -> None:
        """people: membership and name of whom to choose from."""
        super().__init__(*args, **more)
        self.membership.choices = [(ANYBODY, _("本单位任何一个账号")), *people]
        self.hours.choices = [(str(one), _("%(hours)d小时", hours=one)) for one in HOURS]

    @property
    def given(self) -> Given:
        """What was filled in, after validation."""
        chosen = text(self.membership)
        return Given(
            membership_id=UUID(chosen) if chosen else None,
            why=text(self.why),
            hours=int(text(self.hours)),
        )


class EntryForm(Form):
    """Under whose account the operator enters, and the second factor of who has one."""

    membership = RadioField(_l("以谁的账号"), [InputRequired(_l("请选择"))])
    code = StringField(_l("动态口令"), [Length(max=20)])

    def __init__(self, *args: Any, people: list[tuple[str, str]], **more: Any) -> None:
        """people: membership and name of those that the consent names."""
        super().__init__(*args, **more)
        self.membership.choices = people
