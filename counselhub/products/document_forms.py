"""Forms of documents: a template, and the fields that one asks for."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import Field, HiddenField, StringField
from wtforms.validators import InputRequired, ValidationError

from counselhub.core.forms import Form, text
from counselhub.core.members import Member
from counselhub.products.document_actions import LARGEST_BYTES, Order
from counselhub.products.text_forms import NEEDED, TITLE, PlacedForm

LONGEST = 4_000
"""Letters of one value."""


class TemplateForm(Form):
    """A Word file with fields, under a name."""

    name = StringField(_l("模板名称"), [NEEDED, TITLE])
    file = FileField(_l("Word 文件"), [InputRequired(_l("请选择文件"))])

    def sent(self) -> bytes:
        """Its bytes, one more than may be at most."""
        content: bytes = self.file.data.read(LARGEST_BYTES + 1)
        return content


class DocumentForm(PlacedForm):
    """A document and where it belongs; `values` are those of its template's fields."""

    template = HiddenField()
    title = StringField(_l("文书名称"), [NEEDED, TITLE])
    values: dict[str, str]

    def take(self, fields: Sequence[str], known: Mapping[str, str]) -> None:
        """Take the values that were sent, `known` ones where nothing was sent at all."""
        sent = request.form if request.method == "POST" else None
        self.values = {
            name: sent.get(f"field{at}", "").strip() if sent is not None else known.get(name, "")
            for at, name in enumerate(fields)
        }

    def validate_title(self, _field: Field) -> None:
        """Refuse a value that is too long, naming its field. Raises ValidationError."""
        for name, value in self.values.items():
            if len(value) > LONGEST:
                raise ValidationError(_("“%(name)s”最多%(most)d字。", name=name, most=LONGEST))

    def order(self) -> Order:
        """What was typed, after validation."""
        return Order(
            text(self.title),
            self.community_code.data,
            self.adviser,
            text(self.service),
            self.values,
        )


def document_form(by: Member, **begun: Any) -> DocumentForm:
    """Return the form of a document; `begun` fills it unless something was sent."""
    form = DocumentForm(data={"adviser_id": str(by.adviser_id or "")} | begun)
    form.offer(by)
    return form
