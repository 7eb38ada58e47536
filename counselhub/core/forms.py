"""What forms share: trimmed text, and a refusal shown at its field."""

from collections.abc import Iterable
from functools import cache
from typing import Any, ClassVar, TypeVar

from babel.support import NullTranslations, Translations
from flask import g, request
from flask_wtf import FlaskForm
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import Field, FileField, HiddenField, StringField, TextAreaField
from wtforms.i18n import messages_path
from wtforms.validators import Optional, ValidationError

from counselhub.core.errors import DomainError
from counselhub.core.i18n import pick_locale

NOT_A_CHOICE = "Not a valid choice."
"""WTForms' own sentence, which its own catalogue translates."""


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A form whose texts arrive without blanks around them; its token is checked app-wide."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # Flask-WTF ships no types
        """Trim what people type."""

        csrf = False  # CSRFProtect judges the one token of a request

        def get_translations(self, form: Any) -> NullTranslations:
            """Return WTForms' own sentences; Flask-WTF would read their file for each request."""
            return _sentences(pick_locale())

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            """Add the trimming filter to texts; let a field know its form."""
            if issubclass(unbound_field.field_class, StringField | TextAreaField):
                options["filters"] = [*options.get("filters", ()), _trimmed]
            field = super().bind_field(form, unbound_field, options)
            field.of_form = form
            return field

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Read what a form sends: never JSON, blanks as nothing, files where one is asked."""
            if request.is_json:
                return None
            sent = super().wrap_formdata(form, formdata)
            if sent is not request.form and not isinstance(sent, CombinedMultiDict):
                return sent
            asked = {field.name for field in form if isinstance(field, FileField)}
            files = MultiDict(one for one in request.files.items(multi=True) if one[0] in asked)
            texts = MultiDict(
                (name, value if value.strip() else "")
                for name, value in request.form.items(multi=True)
            )
            return CombinedMultiDict((files, texts))

    _fields: dict[str, Field]
    first: ClassVar[tuple[str, ...]] = ()
    """Fields that a page shows above those of the form that this one extends."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Bring the fields into the order of the page, which the summary of faults follows."""
        super().__init__(*args, **kwargs)
        if self.first:
            self._fields = {name: self._fields[name] for name in self.first} | self._fields

    def validate(self, extra_validators: Any = None) -> bool:
        """Judge what was given; a request that came too often is refused at the last field.

        Raises that refusal where no field has a place for it.
        """
        if refusal := g.pop("unheeded", None):
            if not (fields := shown_fields(self)):
                raise refusal
            show_refusal(fields[-1], refusal)
            return False
        return bool(super().validate(extra_validators))


FormKind = TypeVar("FormKind", bound=Form)


class WhenGiven(Optional):
    """Judge a field only when something was given, without calling it optional to the reader."""

    def __init__(self) -> None:
        """As `Optional`, but for the flag that the label shows."""
        super().__init__()
        self.field_flags = {}


class Among:
    """Judge a code by its class: what is sent needs none of the words that a page offers.

    For fields with `validate_choice=False`, whose choices are made when the page is shown.
    """

    def __init__(self, codes: Iterable[str]) -> None:
        """codes: all that may be chosen."""
        self.codes = frozenset(map(str, codes))

    def __call__(self, _form: Any, field: Field) -> None:
        """Raise ValidationError for any other code."""
        if field.data not in self.codes:
            raise ValidationError(field.gettext(NOT_A_CHOICE))


@cache
def _sentences(locale: str) -> NullTranslations:
    return Translations.load(messages_path(), [locale], domain="wtforms")


def _trimmed(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def text(field: Field) -> str:
    """Return what was typed, '' when nothing was."""
    return field.data or ""


def blank_to_none(field: Field) -> Any:
    """Return what was given, None for an empty text."""
    return None if field.data in ("", None) else field.data


def show_refusal(field: Field, refusal: DomainError) -> None:
    """Show the sentence of `refusal` at the field of the form that it names, else at `field`."""
    form = getattr(field, "of_form", None)
    named = blamed(form, refusal) if form is not None else None
    shown = field if named is None else named
    shown.errors = [*shown.errors, refusal.message]


def shown_fields(form: Form) -> list[Field]:
    """Return the fields that a page shows, in their order: a hidden one has no place for words."""
    return [field for field in form if not isinstance(field, HiddenField)]


def blamed(form: Form, refusal: DomainError) -> Field | None:
    """Return the shown field of `form` that a refusal names, None where it names none of them."""
    return next((field for field in shown_fields(form) if field.short_name == refusal.at), None)


def named(form: FormKind, name: str) -> FormKind:
    """Give the fields ids of their own: a page has several forms with the same fields."""
    for field in form:
        field.id = f"{name}-{field.short_name}"
        field.label.field_id = field.id
    return form


def revision_of(field: Field) -> int | None:
    """Return the revision that a form was opened with; -1 for nonsense, which is always stale."""
    sent = str(field.data or "")
    if not sent:
        return None
    return int(sent) if sent.isdecimal() and len(sent) < 19 else -1


def given(field: Field) -> Any:
    """Return what a required field holds, after validation."""
    return field.data


class RevisionForm(Form):
    """The revision of the row that its reader saw."""

    revision = HiddenField()

    @property
    def seen(self) -> int | None:
        """The revision as a number, None when none was sent."""
        return revision_of(self.revision)
