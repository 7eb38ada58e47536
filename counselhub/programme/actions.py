"""Make, change and remove a firm's own templates; an unsound one is never kept."""

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from counselhub.core import clock, history
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import FaultsError, RefusedError
from counselhub.core.i18n import page_text
from counselhub.core.members import Member
from counselhub.programme import data, rules
from counselhub.programme.builtin import BUILT_IN
from counselhub.programme.models import ReportTemplate
from counselhub.programme.rules import Template
from counselhub.programme.wording import sentence

NAME_TAKEN = "uq_report_template_firm_id_name"


def create(template: Template, *, copied_from: str = "", by: Member) -> ReportTemplate:
    """Keep a new template. Raises FaultsError for an unsound one, RefusedError for a taken name."""
    row = ReportTemplate(copied_from=copied_from)
    _keep(row, template, by)
    history.record(row, "add", by=by, name=template.name, columns=_titles(template))
    return row


def change(row: ReportTemplate, template: Template, *, revision: int | None, by: Member) -> None:
    """Change a template.

    Raises ConflictError when somebody was faster, FaultsError and RefusedError as `create`.
    """
    history.expect(row, revision)
    _keep(row, template, by)
    history.record(row, "change", by=by, name=template.name, columns=_titles(template))


def remove(row: ReportTemplate, *, revision: int | None, by: Member) -> None:
    """Remove a template; the records that it counted stay. Raises ConflictError when it changed."""
    history.expect(row, revision)
    history.record(row, "remove", by=by, name=row.name)
    db.session.delete(row)


def refuse_faults(template: Template) -> None:
    """Raise FaultsError, each fault {"cell": the column's place or '', "message"}."""
    found = [
        {
            "cell": "" if fault.column is None else str(fault.column),
            "message": sentence(fault, template),
        }
        for fault in rules.faults(template)
    ]
    if found:
        raise FaultsError(_("模板不能这样保存，请按提示改正。"), found)


def _titles(template: Template) -> list[str]:
    return [f"{one.title}（{one.unit.word}）" for one in template.columns]


def _keep(row: ReportTemplate, template: Template, by: Member) -> None:
    refuse_faults(template)
    if template.name in {word for one in BUILT_IN.values() for word in _names(one)}:
        raise RefusedError(_taken(template.name))
    try:
        with db.session.begin_nested():
            row.name, row.title = template.name, template.title
            row.columns, row.has_total = data.written(template.columns), template.has_total
            row.changed_at, row.changed_by_name = clock.now(), by.name
            db.session.add(row)
    except IntegrityError as error:
        if constraint_of(error) != NAME_TAKEN:
            raise
        raise RefusedError(_taken(template.name)) from error


def _names(one: Template) -> tuple[str, str]:
    return one.name, page_text(one.name)


def _taken(name: str) -> str:
    return str(_("已经有一个模板叫“%(name)s”，请换一个名称。", name=name))
