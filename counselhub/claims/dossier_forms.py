"""Forms of a dossier: the case in numbers, its papers, the return visit, the thresholds."""

from contextlib import closing
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from wtforms import (
    BooleanField,
    DateField,
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from counselhub.claims import papers
from counselhub.claims.classing import Scale
from counselhub.claims.dossier_actions import Numbers
from counselhub.claims.dossier_models import ClaimDossier
from counselhub.claims.kinds import Document, PaperState, VisitResult, VisitWay
from counselhub.claims.papers import Sheet
from counselhub.core.errors import RefusedError
from counselhub.core.fields import UpToToday, YuanField
from counselhub.core.forms import Form, given, text

NEEDED = InputRequired(_l("请填写"))
CHOSEN = InputRequired(_l("请选择"))
MOST = 1_000_000


class CaseForm(Form):
    """A case in numbers, and whose dispute it is."""

    parties = TextAreaField(_l("当事人"), [Optional(), Length(max=1000)])
    aid_number = StringField(_l("法律援助案号"), [Optional(), Length(max=60)])
    persons = IntegerField(_l("涉案人数"), [Optional(), NumberRange(1, MOST)])
    amount_fen = YuanField(_l("涉案金额（元）"), [Optional()])
    sittings = IntegerField(_l("调解次数"), [Optional(), NumberRange(1, 999)])
    is_group = BooleanField(_l("群体性纠纷"))
    is_violent = BooleanField(_l("有暴力或民转刑风险"))
    revision = HiddenField()

    def numbers(self) -> Numbers:
        """What was written, after validation."""
        return Numbers(
            persons=self.persons.data,
            amount_fen=self.amount_fen.data,
            sittings=self.sittings.data,
            is_group=self.is_group.data,
            is_violent=self.is_violent.data,
        )


def case_form(dossier: ClaimDossier | None, *, fresh: bool = False) -> CaseForm:
    """Return the form, filled from `dossier`; fresh: never from what was sent."""
    sent: dict[str, Any] = {"formdata": None} if fresh else {}
    form = CaseForm(obj=dossier, **sent)
    if fresh:
        form.revision.data = str(dossier.revision) if dossier else ""
    return form


class PaperForm(Form):
    """Files of one document, or what there is to say of it."""

    document = SelectField(_l("文书"), [CHOSEN])
    files = MultipleFileField(_l("文件"))
    state = SelectField(_l("没有电子文件时"), [Optional()])
    reason = StringField(_l("不需要的原因"), [Optional(), Length(max=200)])
    judged: tuple[Sheet, ...] = ()
    """What the files hold, after validation; the same one twice is one."""

    def validate_files(self, field: Field) -> None:
        """Judge each file by its content. Raises ValidationError naming the first that fails."""
        sent = [file for file in field.data or [] if file]
        if len(sent) > papers.MOST_FILES:
            raise ValidationError(_("每样文书最多 %(most)d 个文件。", most=papers.MOST_FILES))
        found: dict[str, Sheet] = {}
        for number, file in enumerate(sent, 1):
            try:
                with closing(file):
                    sheet = papers.read(file.read(papers.LARGEST_BYTES + 1))
            except RefusedError as refusal:
                raise ValidationError(
                    _("第 %(number)d 个文件：%(why)s", number=number, why=refusal.message)
                ) from refusal
            found.setdefault(sheet.digest, sheet)
        self.judged = tuple(found.values())

    @property
    def said(self) -> PaperState | None:
        """What is said of the document, None to take back what was said."""
        return PaperState(text(self.state)) if text(self.state) else None


def paper_form() -> PaperForm:
    """Return the form of a document with its choices."""
    form = PaperForm()
    form.document.choices = Document.choices()
    form.state.choices = [("", _("（不填）")), *PaperState.choices()]
    return form


class VisitForm(Form):
    """The return visit."""

    visit_on = DateField(_l("回访日期"), [NEEDED, UpToToday()])
    visit_way = RadioField(_l("回访方式"), [CHOSEN])
    visit_result = SelectField(_l("回访结果"), [CHOSEN])
    revision = HiddenField()


def visit_form(dossier: ClaimDossier | None, *, fresh: bool = False) -> VisitForm:
    """Return the form of a return visit with its choices, by phone unless it says otherwise."""
    sent: dict[str, Any] = {"formdata": None} if fresh else {}
    form = VisitForm(obj=dossier, **sent)
    form.visit_way.choices = VisitWay.choices()
    form.visit_result.choices = [("", _("请选择")), *VisitResult.choices()]
    if fresh:
        form.visit_way.data = form.visit_way.data or VisitWay.PHONE.value
        form.revision.data = str(dossier.revision) if dossier else ""
    return form


class ScaleForm(Form):
    """The thresholds of classes."""

    persons_1 = IntegerField(_l("普通：人数从"), [NEEDED, NumberRange(1, MOST)])
    persons_2 = IntegerField(_l("重大：人数从"), [NEEDED, NumberRange(1, MOST)])
    persons_3 = IntegerField(_l("特别重大：人数从"), [NEEDED, NumberRange(1, MOST)])
    amount_1 = YuanField(_l("普通：金额从（元）"), [NEEDED])
    amount_2 = YuanField(_l("重大：金额从（元）"), [NEEDED])
    amount_3 = YuanField(_l("特别重大：金额从（元）"), [NEEDED])
    sittings_1 = IntegerField(_l("普通：调解次数从"), [NEEDED, NumberRange(1, 999)])
    sittings_2 = IntegerField(_l("重大：调解次数从"), [NEEDED, NumberRange(1, 999)])
    sittings_3 = IntegerField(_l("特别重大：调解次数从"), [NEEDED, NumberRange(1, 999)])
    revision = HiddenField()

    def scale(self) -> Scale:
        """What was written, after validation."""
        persons = (given(self.persons_1), given(self.persons_2), given(self.persons_3))
        amounts = (given(self.amount_1), given(self.amount_2), given(self.amount_3))
        sittings = (given(self.sittings_1), given(self.sittings_2), given(self.sittings_3))
        return Scale(persons, amounts, sittings)


def scale_form(scale: Scale, revision: int | None) -> ScaleForm:
    """Return the form, filled from the thresholds that hold."""
    steps = {"persons": scale.persons, "amount": scale.amount_fen, "sittings": scale.sittings}
    data = {
        f"{name}_{place}": value
        for name, values in steps.items()
        for place, value in enumerate(values, 1)
    }
    return ScaleForm(data=data | {"revision": revision})


class ActForm(Form):
    """An act on a dossier as its page showed it."""

    revision = HiddenField()


class AidForm(Form):
    """The legal-aid case of a service."""

    aid_number = StringField(_l("法律援助案号"), [Optional(), Length(max=60)])
