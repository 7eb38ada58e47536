"""The form of one party: name, aliases, phone, number, judged by what kind of party it is."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from counselhub.core import clock, identifiers, personal
from counselhub.core.forms import Form, WhenGiven, text
from counselhub.core.personal_fields import QUIET, PhoneField
from counselhub.matters import names
from counselhub.matters.conflicts import Asked
from counselhub.matters.kinds import PartyKind, PartyRole
from counselhub.matters.seals import Marks

CHOSEN = InputRequired(_l("请选择"))
SENTENCES = {
    "shape": _l("请填写18位号码：自然人填身份证号，单位填统一社会信用代码。"),
    "region": _l("身份证号的前两位不是省级代码，请核对。"),
    "date": _l("身份证号里的出生日期不对，请核对。"),
    "check": _l("号码的校验位不对，可能有一位写错，请核对。"),
}
TO_NAME = {
    "long": _l("名称最多100字。"),
    "signs": _l("名称只能包含文字、数字、空格、括号和间隔号，不能有表情或其他符号。"),
    "letters": _l("名称里要有文字。"),
}


class PartyForm(Form):
    """One party; `is_needed` is False where a form may leave it out.

    client_id: the client of the register that it is: then nothing is typed anew.
    """

    client_id = HiddenField()
    role = SelectField(_l("地位"), [CHOSEN])
    kind = RadioField(_l("是谁"), [CHOSEN])
    name = StringField(_l("姓名或名称"), [WhenGiven()], render_kw=QUIET)
    aliases = StringField(_l("曾用名、简称"), [Optional(), Length(max=300)], render_kw=QUIET)
    phone = PhoneField(_l("电话"), [Optional()])
    identity = StringField(_l("身份证号或信用代码"), [Optional()], render_kw=QUIET)
    revision = HiddenField()
    is_needed = True

    def validate_name(self, field: Field) -> None:
        """Raises ValidationError for what cannot be a name."""
        self._cleaned([field.data])

    def validate_aliases(self, field: Field) -> None:
        """Raises ValidationError for what cannot be names."""
        self._cleaned(names.parted(field.data))

    def validate_identity(self, field: Field) -> None:
        """Raises ValidationError for a number that is not what the kind of party has."""
        self._number(field.data)

    def validate(self, extra_validators: Any = None) -> bool:
        """Judge the fields, and that something names the party when it is needed or described."""
        is_valid = bool(super().validate(extra_validators))
        if text(self.name) or text(self.client_id):
            return is_valid
        if self.is_needed or any(map(text, (self.aliases, self.phone, self.identity))):
            self.name.errors = [*self.name.errors, _("请填写姓名或名称。")]
            return False
        return is_valid

    @property
    def is_given(self) -> bool:
        """Whether anything names a party here."""
        return bool(text(self.name) or text(self.client_id))

    def asked(self, marks: Marks | None = None) -> Asked:
        """Return the party, after validation. marks: of the client that it is."""
        return Asked(PartyRole(self.role.data), PartyKind(self.kind.data), marks or self._marks())

    def _marks(self) -> Marks:
        number = text(self.identity)
        return Marks(
            self._cleaned([text(self.name)])[0],
            "\n".join(self._cleaned(names.parted(text(self.aliases)))),
            text(self.phone),
            self._number(number) if number else "",
        )

    def _cleaned(self, lines: list[str]) -> list[str]:
        try:
            return [names.clean(line, is_person=self._is_person) for line in lines]
        except personal.BadNameError as error:
            raise ValidationError(str(TO_NAME[error.code])) from error

    def _number(self, typed: str) -> str:
        try:
            if self._is_person:
                return identifiers.identity_number(typed, clock.today())
            return identifiers.credit_code(typed)
        except identifiers.IdentifierError as error:
            raise ValidationError(str(SENTENCES[error.code])) from error

    @property
    def _is_person(self) -> bool:
        return bool(self.kind.data == PartyKind.PERSON)


def party_form(prefix: str = "", *, is_needed: bool = True, **given: Any) -> PartyForm:
    """Return the form with its choices, filled from `given` unless something was sent."""
    values = {"kind": PartyKind.PERSON.value, "role": PartyRole.OPPONENT.value} | given
    form = PartyForm(prefix=prefix, data=values)
    form.role.choices = PartyRole.choices()
    form.kind.choices = PartyKind.choices()
    form.is_needed = is_needed
    form.name.flags.required = is_needed
    return form
