"""Forms beside a record: follow-ups, files, templates, saved filters, pasted lines, the checks."""

from collections.abc import Sequence
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from counselhub.core import clock
from counselhub.core.fields import BoxesField, YuanField
from counselhub.core.forms import Form, blank_to_none, given, text
from counselhub.duty.queries import served_communities
from counselhub.places.models import short_name
from counselhub.services import attachments
from counselhub.services.actions import Entry
from counselhub.services.follow_ups import Step
from counselhub.services.forms import CHOSEN, COUNT, MINUTES, NEEDED, offer_codes
from counselhub.services.inspection import EVERY
from counselhub.services.kinds import DisputeKind, FileKind, ServiceKind, ServiceMode
from counselhub.services.log_models import EntryTemplate, InspectionRule
from counselhub.services.models import ServiceRecord
from counselhub.services.pasting import MOST_LINES, Draft
from counselhub.services.shortcuts import Pattern

ROOM_FOR_A_FORM = 64 * 2**10
LONGEST_PASTE = 20_000
NAMED = [InputRequired(_l("请填写名称")), Length(max=20, message=_l("最多20个字"))]


class FollowUpForm(Form):
    """What was done later on a matter."""

    day = DateField(_l("日期"), [NEEDED])
    content = TextAreaField(_l("经过"), [Optional(), Length(max=2000)])
    outcome = StringField(_l("结果"), [Optional(), Length(max=500)])
    minutes = IntegerField(_l("用时"), [Optional(), MINUTES])
    recovered_fen = YuanField(_l("挽回损失"), [Optional()])
    counts = BooleanField(_l("另计一件次"))

    def step(self) -> Step:
        """What was written, after validation."""
        return Step(
            day=given(self.day),
            content=text(self.content),
            outcome=blank_to_none(self.outcome),
            minutes=self.minutes.data,
            recovered_fen=self.recovered_fen.data,
            counts=bool(self.counts.data),
        )


def follow_up_form(*, sent: bool = False) -> FollowUpForm:
    """Return the form of today's follow-up, or as it was sent; it stands beside another form."""
    if sent:
        return FollowUpForm(prefix="follow")
    return FollowUpForm(formdata=None, prefix="follow", data={"day": clock.today()})


class FileForm(Form):
    """A file of a record and what it is."""

    kind = SelectField(_l("种类"), [CHOSEN], choices=FileKind.choices)
    file = FileField(_l("文件"))
    shared = BooleanField(_l("可供司法所查看"))

    def sent(self) -> tuple[str, bytes]:
        """Return name and bytes, nothing for no file.

        Raises AttachmentError for one that is far too large, before it is read.
        """
        if (request.content_length or 0) > attachments.LARGEST_BYTES + ROOM_FOR_A_FORM:
            raise attachments.AttachmentError(attachments.too_large())
        storage = self.file.data
        if not storage:
            return "", b""
        return storage.filename or "", storage.read(attachments.LARGEST_BYTES + 1)


def file_form(*, sent: bool = False) -> FileForm:
    """Return the empty form of a file, or as it was sent; it stands beside other forms."""
    return FileForm(prefix="file") if sent else FileForm(formdata=None, prefix="file")


class ShareForm(Form):
    """Whether the office sees a file."""

    shared = BooleanField()
    revision = HiddenField()


class TemplateForm(Form):
    """What a template fills in."""

    name = StringField(_l("名称"), NAMED)
    kind = SelectField(_l("服务类别"), [CHOSEN], choices=ServiceKind.choices)
    mode = SelectField(_l("服务方式"), [Optional()])
    dispute_kind = SelectField(_l("纠纷类型"), [Optional()])
    persons = IntegerField(_l("人次"), [Optional(), COUNT])
    minutes = IntegerField(_l("用时"), [Optional(), MINUTES])
    content = TextAreaField(_l("内容"), [Optional(), Length(max=2000)])
    revision = HiddenField()

    def pattern(self) -> Pattern:
        """What was written, after validation."""
        return Pattern(
            name=text(self.name),
            kind=ServiceKind(self.kind.data),
            mode=_code(ServiceMode, self.mode),
            dispute_kind=_code(DisputeKind, self.dispute_kind),
            minutes=self.minutes.data,
            persons=self.persons.data,
            content=text(self.content),
        )


def _code(labels: type[Any], field: Any) -> Any:
    return labels(field.data) if field.data else None


TAKEN = ("kind", "mode", "dispute_kind", "minutes", "persons")


def template_form(source: EntryTemplate | ServiceRecord | None = None) -> TemplateForm:
    """Return the form as it was sent, or filled from a template or a record."""
    data: dict[str, Any] = {name: getattr(source, name) for name in TAKEN} if source else {}
    if isinstance(source, EntryTemplate):
        data |= {"name": source.name, "content": source.content, "revision": source.revision}
    elif source and source.note:
        data["content"] = source.note.content
    form = TemplateForm(data=data)
    offer_codes(form)
    return form


def begun_by(source: EntryTemplate | ServiceRecord) -> dict[str, Any]:
    """Return what a template or a record fills into the quick entry; never whom it was for."""
    begun = {name: getattr(source, name) for name in TAKEN}
    if isinstance(source, EntryTemplate):
        return begun | {"content": source.content}
    words = source.note.content if source.note else ""
    return begun | {"content": words, "community_code": source.community_code}


class FilterForm(Form):
    """A name for the search that is shown."""

    name = StringField(_l("名称"), NAMED)
    shared = BooleanField(_l("全所共用"))


class RuleForm(Form):
    """What the firm's checks ask for."""

    thin_letters = IntegerField(
        _l("内容至少几个字"),
        [NEEDED, NumberRange(0, 200, _l("请填写0到200之间的整数"))],
    )
    checks = BoxesField(_l("要检查的项目"), [Optional()])


def rule_form(rule: InspectionRule | None, thin_letters: int) -> RuleForm:
    """Return the form filled with what is set, or as it was sent."""
    skipped = rule.skipped if rule else []
    data = {"thin_letters": rule.thin_letters if rule else thin_letters}
    form = RuleForm(data=data | {"checks": [code for code in EVERY if code not in skipped]})
    form.checks.choices = [(check.code, check.label) for check in EVERY.values()]
    return form


class PasteForm(Form):
    """Words to be read."""

    pasted = TextAreaField(
        _l("一行一条"), [InputRequired(_l("请粘贴或说几条")), Length(max=LONGEST_PASTE)]
    )


class LineForm(Form):
    """One line of what was pasted, as an entry."""

    dropped = BooleanField(_l("不要这条"))
    day = DateField(_l("日期"), [NEEDED])
    community_code = SelectField(_l("社区"), [CHOSEN])
    kind = SelectField(_l("服务类别"), [CHOSEN], choices=ServiceKind.choices)
    mode = SelectField(_l("服务方式"), [Optional()])
    dispute_kind = SelectField(_l("纠纷类型"), [Optional()])
    persons = IntegerField(_l("人次"), [Optional(), COUNT])
    count = IntegerField(_l("件次"), [Optional(), COUNT])
    copies = IntegerField(_l("份数"), [Optional(), COUNT])
    minutes = IntegerField(_l("用时"), [Optional(), MINUTES])
    recovered_fen = YuanField(_l("挽回损失"), [Optional()])
    content = TextAreaField(_l("内容"), [Optional(), Length(max=2000)])
    source = HiddenField()
    """The line as it was pasted."""

    def entry(self, adviser_id: Any) -> Entry:
        """What the line says, after validation."""
        return Entry(
            kind=ServiceKind(self.kind.data),
            day=given(self.day),
            community_code=self.community_code.data,
            adviser_id=adviser_id,
            mode=_code(ServiceMode, self.mode),
            dispute_kind=_code(DisputeKind, self.dispute_kind),
            count=1 if self.count.data is None else self.count.data,
            persons=self.persons.data,
            copies=self.copies.data,
            minutes=self.minutes.data,
            recovered_fen=self.recovered_fen.data,
            content=text(self.content),
        )


def line_forms(drafts: Sequence[Draft]) -> list[LineForm]:
    """Return a form for each line as it was read."""
    return _offered([_line(place, draft) for place, draft in enumerate(drafts)])


def _line(place: int, draft: Draft) -> LineForm:
    persons = 1 if draft.persons is None and draft.kind is ServiceKind.CONSULTATION else None
    data = {name: getattr(draft, name) for name in _READ} | {
        "persons": draft.persons if draft.persons is not None else persons,
        "source": draft.text,
    }
    return LineForm(formdata=None, data=data, prefix=f"line{place}")


_READ = (
    "day", "community_code", "kind", "mode", "dispute_kind", "count", "copies", "minutes",
    "recovered_fen", "content",
)  # fmt: skip


def sent_line_forms() -> list[LineForm]:
    """Return the lines as they were sent, at most MOST_LINES."""
    sent = [place for place in range(MOST_LINES) if f"line{place}-source" in request.form]
    return _offered([LineForm(prefix=f"line{place}") for place in sent])


def _offered(forms: list[LineForm]) -> list[LineForm]:
    places = [(one.code, short_name(one.name)) for one in served_communities()]
    for form in forms:
        form.community_code.choices = [("", str(_l("请选择社区"))), *places]
        offer_codes(form)
    return forms
