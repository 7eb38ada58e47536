"""Forms of invitations."""

import re

from flask_babel import lazy_gettext as _l
from wtforms import (
    EmailField,
    PasswordField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, Regexp

from counselhub.core.forms import Form, text
from counselhub.invitations.actions import Guest

NEEDED = InputRequired(_l("请填写"))
MOST = 30
APART = r"\s,，;；<>()（）"
"""What stands between a name and an address, and in neither part of one."""
LINE = re.compile(
    rf"(?P<name>\S.{{0,49}}?)[\s,，;；<（(]++"
    rf"(?P<email>[^@{APART}]++@[^.@{APART}]++(?:\.[^.@{APART}]++)++)[>)）]?"
)
"""Nothing that was taken is given back: a line costs as much as it is long, whatever is in it."""
EMAIL = r"[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$"


class GuestsForm(Form):
    """Several people in one role, each on a line of their own."""

    guests = TextAreaField(_l("姓名和邮箱，每行一人"), [NEEDED, Length(max=6000)])
    role = SelectField(_l("角色"))

    def validate_guests(self, field: TextAreaField) -> None:
        """Each line has a name and an address; no address twice."""
        lines = _lines(text(field))
        if len(lines) > MOST:
            raise ValidationError(_l("一次最多邀请30人。"))
        for number, line in enumerate(lines, 1):
            if not LINE.fullmatch(line):
                raise ValidationError(
                    _l("第%(number)d行看不懂，请写成“张三 zhang@example.com”。", number=number)
                )
        if len({guest.email for guest in self.people()}) < len(lines):
            raise ValidationError(_l("有重复的邮箱，请检查。"))

    def people(self) -> list[Guest]:
        """Return who is named, in the order of the lines."""
        found = map(LINE.fullmatch, _lines(text(self.guests)))
        return [Guest(one["name"].strip(), one["email"].lower()) for one in found if one]


def _lines(typed: str) -> list[str]:
    return [line.strip() for line in typed.splitlines() if line.strip()]


class FirstForm(Form):
    """The first person of an office or a bureau."""

    name = StringField(_l("姓名"), [NEEDED, Length(max=50)])
    email = EmailField(_l("邮箱"), [NEEDED, Length(max=254), Regexp(EMAIL)])
    role = SelectField(_l("角色"))

    def guest(self) -> Guest:
        """Return who is invited."""
        return Guest(text(self.name), text(self.email).lower())


class PlaceForm(FirstForm):
    """The same of a place that the inviter serves."""

    place = SelectField(_l("邀请的单位"), [NEEDED])


class AnyPlaceForm(FirstForm):
    """The same of any place, by its code: nine digits of a street, six of a district."""

    place = StringField(
        _l("街道代码（9位）或区县代码（6位）"),
        [NEEDED, Regexp(r"([0-9]{6}|[0-9]{9})$", message=_l("请填写6位或9位数字代码。"))],
    )


class RefusalForm(Form):
    """Why the operator says no."""

    reason = StringField(_l("理由"), [NEEDED, Length(max=200)])


class AnswerForm(Form):
    """The password of who accepts: the present one, or a new one twice."""

    password = PasswordField(_l("密码"), [NEEDED, Length(max=128)])
    again = PasswordField(_l("再输入一次"), [Length(max=128)])
