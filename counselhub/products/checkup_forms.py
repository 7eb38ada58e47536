"""Forms of check-ups: the company, an item, what was mended, a checklist of the firm's own."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional, ValidationError

from counselhub.core import clock, identifiers
from counselhub.core.forms import blank_to_none, given, text
from counselhub.core.members import Member
from counselhub.products import builtin_checklist, checklist, checkup_queries
from counselhub.products.checklist import ChecklistError, Sections
from counselhub.products.checkup_actions import CheckupEntry, CompanyEntry, Finding
from counselhub.products.checkup_models import Checklist, Checkup
from counselhub.products.kinds import Verdict
from counselhub.products.text_forms import (
    CHOSEN,
    NEEDED,
    TITLE,
    WORDS,
    PlacedForm,
    RevisionForm,
    in_years,
)
from counselhub.services.models import ServiceRecord

BUILT_IN = "built_in"


class CheckupForm(PlacedForm):
    """Which company is looked over, by whom and when."""

    name = StringField(_l("企业名称"), [NEEDED, TITLE])
    credit_code = StringField(_l("统一社会信用代码"), [Optional()])
    day = DateField(_l("体检日期"), [NEEDED, in_years])
    next_on = DateField(_l("下次体检"), [Optional(), in_years])

    def validate_credit_code(self, field: Field) -> None:
        """Refuse a code that cannot be. Raises ValidationError naming what is wrong."""
        try:
            identifiers.credit_code(text(field))
        except identifiers.IdentifierError as error:
            raise ValidationError(_wrong_code(error.code)) from error

    def entry(self) -> CheckupEntry:
        """What was typed, after validation."""
        code = text(self.credit_code)
        return CheckupEntry(
            CompanyEntry(
                text(self.name),
                identifiers.credit_code(code) if code else None,
                self.community_code.data,
            ),
            self.adviser,
            given(self.day),
            self.next_on.data,
            text(self.service),
        )


def _wrong_code(code: str) -> str:
    if code == "check":
        return str(_("最后一位校验码不对，请对照营业执照核对。"))
    return str(_("应为18位数字和大写字母（不含 I、O、S、V、Z）。"))


class NewCheckupForm(CheckupForm):
    """A check-up with the checklist that it goes by."""

    checklist = SelectField(_l("体检清单"), [CHOSEN])

    def chosen(self) -> tuple[str, Sections]:
        """The name and the sections of the checklist, after validation."""
        for one in checkup_queries.checklists():
            if str(one.id) == self.checklist.data:
                return one.name, checklist.read(one.sections)
        return builtin_checklist.NAME, builtin_checklist.SECTIONS


def new_checkup_form(by: Member, **begun: Any) -> NewCheckupForm:
    """Return the form of a new check-up; `begun` fills it unless something was sent."""
    form = NewCheckupForm(data={"day": clock.today(), "checklist": BUILT_IN} | begun)
    form.offer(by)
    own = [(str(one.id), one.name) for one in checkup_queries.checklists()]
    form.checklist.choices = [(BUILT_IN, builtin_checklist.NAME), *own]
    return form


def of_service(record: ServiceRecord) -> dict[str, Any]:
    """Return what a service record fills in."""
    return {
        "community_code": record.community_code,
        "adviser_id": str(record.adviser_id),
        "service": record.number,
        "day": record.day,
    }


def of_company(checkup: Checkup) -> dict[str, Any]:
    """Return what the last check-up of a company fills in for the next one."""
    return {
        "name": checkup.company.name,
        "credit_code": checkup.company.credit_code,
        "community_code": checkup.company.community_code,
        "adviser_id": str(checkup.adviser_id),
    }


def checkup_form(by: Member, checkup: Checkup) -> CheckupForm:
    """Return the form of a check-up, filled with what it is."""
    held = of_company(checkup) | {
        "day": checkup.day,
        "next_on": checkup.next_on,
        "service": checkup.service.number if checkup.service else "",
        "revision": checkup.revision,
    }
    form = CheckupForm(data=held)
    form.offer(by, (checkup.adviser_id, checkup.adviser.name))
    return form


class AnswerForm(RevisionForm):
    """What was found at one item; its revision is that of what stood there, blank for nothing."""

    code = HiddenField()
    verdict = RadioField(_l("结果"), [CHOSEN])
    note = TextAreaField(_l("情况"), [Optional(), WORDS])
    advice = TextAreaField(_l("建议"), [Optional(), WORDS])
    due_on = DateField(_l("整改期限"), [Optional(), in_years])

    def finding(self) -> Finding:
        """What was typed, after validation."""
        return Finding(
            text(self.code),
            Verdict.of(self.verdict.data),
            blank_to_none(self.note),
            blank_to_none(self.advice),
            self.due_on.data,
        )


def item_form() -> AnswerForm:
    """Return the form of an item as it was sent."""
    form = AnswerForm()
    form.verdict.choices = Verdict.choices()
    return form


class MendForm(RevisionForm):
    """When and how an item was mended."""

    day = DateField(_l("整改日期"), [NEEDED, in_years])
    words = StringField(_l("整改情况"), [NEEDED, TITLE])


class FinishForm(RevisionForm):
    """What is said of the company as a whole."""

    conclusion = TextAreaField(_l("总体评价"), [Optional(), WORDS])


class ChecklistForm(RevisionForm):
    """A checklist as plain lines."""

    name = StringField(_l("清单名称"), [NEEDED, TITLE])
    lines = TextAreaField(_l("清单内容"), [NEEDED])
    sections: Sections = ()

    def validate_lines(self, field: Field) -> None:
        """Read the lines. Raises ValidationError naming the line that is wrong."""
        try:
            self.sections = checklist.parsed(text(field))
        except ChecklistError as error:
            raise ValidationError(_wrong_lines(error)) from error


def _wrong_lines(error: ChecklistError) -> str:
    sentences = {
        "empty": _("请至少写一个部分和一项。"),
        "no_section": _("第%(line)d行前面还没有部分：先写一行“# 部分名称”。", line=error.line),
        "no_items": _("第%(line)d行的部分没有名称，或下面没有体检项。", line=error.line),
        "long": _(
            "第%(line)d行超过%(most)d字，请拆成几项。", line=error.line, most=checklist.LONGEST
        ),
        "many": _(
            "最多%(sections)d个部分、%(items)d项。",
            sections=checklist.MOST_SECTIONS,
            items=checklist.MOST_ITEMS,
        ),
    }
    return str(sentences[error.code])


def checklist_form(row: Checklist | None) -> ChecklistForm:
    """Return the form of a checklist: of a new one begun with what is built in."""
    if row is None:
        return ChecklistForm(data={"lines": checklist.lines_of(builtin_checklist.SECTIONS)})
    lines = checklist.lines_of(checklist.read(row.sections))
    return ChecklistForm(data={"name": row.name, "lines": lines, "revision": row.revision})
