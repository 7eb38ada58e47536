"""Forms of the roll of advisers."""

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    EmailField,
    HiddenField,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, Optional

from counselhub.advisers import rules
from counselhub.advisers.actions import Given
from counselhub.advisers.kinds import AdviserCategory, PoliticalStatus
from counselhub.advisers.models import Adviser
from counselhub.core.fields import CodeField, TelField
from counselhub.core.forms import Form, blank_to_none, text

NEEDED = InputRequired(_l("请填写"))
PARTS = re.compile(r"[、,，;；\s]+")


class AdviserForm(Form):
    """A lawyer on the roll, with the contact that stays in the firm."""

    revision = HiddenField()
    name = StringField(_l("姓名"), [NEEDED, Length(max=rules.NAME_LENGTH)])
    licence_number = CodeField(_l("执业证号"), [NEEDED, Length(max=rules.LICENCE_LENGTH)])
    category = SelectField(_l("人员类别"))
    specialties = StringField(_l("专长"), [Optional(), Length(max=200)])
    joined_on = DateField(_l("入职日期"), [Optional()])
    phone = TelField(_l("手机号"), [Optional(), Length(max=20)])
    email = EmailField(_l("邮箱"), [Optional(), Length(max=rules.EMAIL_LENGTH)])
    political_status = SelectField(_l("政治面貌"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the codes in the reader's language."""
        super().__init__(*args, **kwargs)
        self.category.choices = AdviserCategory.choices()
        self.political_status.choices = [("", str(_("未填"))), *PoliticalStatus.choices()]

    def validate_licence_number(self, field: StringField) -> None:
        """Letters and digits only, as on the licence."""
        if not re.fullmatch(rules.LICENCE, field.data or ""):
            raise ValidationError(_("执业证号只含数字、字母和横线，请照证件填写。"))

    def validate_phone(self, field: TelField) -> None:
        """Digits, with an area code's signs."""
        if not re.fullmatch(rules.PHONE, field.data or ""):
            raise ValidationError(_("请填写电话号码，例如 13800000000。"))

    def validate_email(self, field: EmailField) -> None:
        """One address."""
        if not re.fullmatch(rules.EMAIL, field.data or ""):
            raise ValidationError(_("请填写邮箱地址，例如 name@example.com。"))

    @property
    def given(self) -> Given:
        """What was filled in."""
        return Given(
            name=text(self.name),
            licence_number=text(self.licence_number),
            category=text(self.category),
            specialties=tuple(dict.fromkeys(filter(None, PARTS.split(text(self.specialties))))),
            joined_on=self.joined_on.data,
            phone=blank_to_none(self.phone),
            email=blank_to_none(self.email),
            political_status=blank_to_none(self.political_status),
        )


def filled(adviser: Adviser) -> AdviserForm:
    """Return the form as the roll has it now, whatever was sent."""
    contact = adviser.contact
    return AdviserForm(
        formdata=None,
        revision=adviser.revision,
        name=adviser.name,
        licence_number=adviser.licence_number,
        category=adviser.category,
        specialties="、".join(adviser.specialties),
        joined_on=adviser.joined_on,
        phone=contact.phone if contact else None,
        email=contact.email if contact else None,
        political_status=(contact.political_status or "") if contact else "",
    )


class DepartureForm(Form):
    """The last day of an adviser."""

    revision = HiddenField()
    left_on = DateField(_l("离职日期（在所最后一天）"), [NEEDED])
