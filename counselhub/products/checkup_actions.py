"""Look a company over, item by item; write the report; see that what is lacking is mended."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from counselhub.core import clock, history
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import ConflictError, IllegalMoveError, NotFoundError, RefusedError
from counselhub.core.members import Member
from counselhub.products import checklist, checkup_queries, links
from counselhub.products.checklist import Sections
from counselhub.products.checkup_models import Checklist, Checkup, CheckupItem, Company
from counselhub.products.kinds import CHECKUP_FLOW, CheckupStatus, Verdict
from counselhub.products.text_actions import in_own_name, refuse_strangers
from counselhub.services.kinds import ServiceKind

AGAIN = "uq_checkup_item_firm_id_checkup_id_code"
SAME_NAME = "uq_checklist_firm_id_name"
MOST_CHECKLISTS = 30


@dataclass(frozen=True, slots=True)
class CompanyEntry:
    """A company as it is named; credit_code: judged, None where nobody told it."""

    name: str
    credit_code: str | None
    community_code: str


@dataclass(frozen=True, slots=True)
class CheckupEntry:
    """A check-up as it is begun. service: the number of a service record, '' for none."""

    company: CompanyEntry
    adviser_id: UUID | None
    day: date
    next_on: date | None
    service: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found at one item."""

    code: str
    verdict: Verdict
    note: str | None
    advice: str | None
    due_on: date | None


def begin(entry: CheckupEntry, name: str, sections: Sections, *, by: Member) -> Checkup:
    """Begin a check-up with a checklist, kept as it now is.

    Raises RefusedError for a day to come, a next one that is not later, a community that the firm
    does not serve, an unknown lawyer or service; ForbiddenError in a colleague's name.
    """
    checkup = Checkup(list_name=name, sections=checklist.written(sections))
    _write(checkup, entry, by)
    db.session.add(checkup)
    db.session.flush()
    history.record(checkup, "begin_checkup", by=by)
    return checkup


def _write(checkup: Checkup, entry: CheckupEntry, by: Member) -> None:
    adviser_id = in_own_name(entry.adviser_id, by)
    refuse_strangers(entry.company.community_code, adviser_id)
    if entry.day > clock.today():
        raise RefusedError(_("日期不能晚于今天。"), at="day")
    if entry.next_on and entry.next_on <= entry.day:
        raise RefusedError(_("下次体检要晚于这次体检的日期。"), at="next_on")
    kinds = (ServiceKind.LEGAL_CHECKUP,)
    service_id = links.service_of(entry.service, kinds, entry.company.community_code)
    checkup.company_id = _company(entry.company).id
    checkup.adviser_id, checkup.service_id = adviser_id, service_id
    checkup.day, checkup.next_on = entry.day, entry.next_on


def _company(entry: CompanyEntry) -> Company:
    """Return the company that is meant, a new one where there is none yet.

    Raises RefusedError for a code that another name has, or a name that has another code.
    """
    there = checkup_queries.company_of(entry.name, entry.credit_code, entry.community_code)
    if there is None:
        there = Company(
            name=entry.name, credit_code=entry.credit_code, community_code=entry.community_code
        )
        db.session.add(there)
        db.session.flush()
        return there
    if (there.name, there.community_code) != (entry.name, entry.community_code):
        raise RefusedError(_("这个统一社会信用代码已经登记给“%(name)s”，请核对。", name=there.name))
    if there.credit_code and entry.credit_code and there.credit_code != entry.credit_code:
        raise RefusedError(
            _(
                "“%(name)s”登记的统一社会信用代码是%(code)s，请核对。",
                name=there.name,
                code=there.credit_code,
            )
        )
    there.credit_code = there.credit_code or entry.credit_code
    return there


def change(checkup: Checkup, entry: CheckupEntry, *, revision: int | None, by: Member) -> None:
    """Write a check-up anew. Raises as `begin` does, ConflictError for a stale or finished one."""
    history.expect(checkup, revision)
    _refuse_done(checkup)
    _write(checkup, entry, by)
    db.session.flush()
    history.record(checkup, "change_checkup", by=by)


def _refuse_done(checkup: Checkup) -> None:
    if checkup.status != CheckupStatus.OPEN:
        raise IllegalMoveError(_("报告已经出具，要改请先点“重新填写”。"), row=checkup)


def answer(checkup: Checkup, finding: Finding, *, revision: int | None, by: Member) -> CheckupItem:
    """Write down what was found at an item. revision: of what stood there, None for nothing.

    Raises NotFoundError for an item that the checklist has not, ConflictError when a colleague
    wrote there in the meantime or the report is written.
    """
    _refuse_done(checkup)
    sections = checklist.read(checkup.sections)
    if finding.code not in {item.code for one in sections for item in one.items}:
        raise NotFoundError()
    there = checkup_queries.items_of(checkup).get(finding.code)
    if (there.revision if there else None) != revision:
        raise ConflictError(_("这一项别人刚刚填过，下面是最新内容，请核对。"), row=checkup)
    item = there or CheckupItem(checkup_id=checkup.id, code=finding.code)
    _put(item, finding)
    try:
        with db.session.begin_nested():
            db.session.add(item)
    except IntegrityError as error:
        if constraint_of(error) != AGAIN:
            raise
        raise ConflictError(_("这一项别人刚刚填过，下面是最新内容，请核对。")) from error
    history.record(checkup, "answer_item", by=by, item=item.code, verdict=item.verdict)
    return item


def _put(item: CheckupItem, finding: Finding) -> None:
    is_bad = finding.verdict is Verdict.BAD
    item.verdict, item.note = finding.verdict, finding.note
    item.advice = finding.advice if is_bad else None
    item.due_on = finding.due_on if is_bad else None
    if not is_bad:
        item.mended_on = item.mending = None
    item.changed_at = clock.now()


def mend(
    checkup: Checkup, item_id: UUID, day: date, words: str, *, revision: int | None, by: Member
) -> None:
    """Write down that an item complies now; also after the report.

    Raises NotFoundError, ConflictError for a stale page or an item that is mended or complied all
    along, RefusedError for a day that cannot be.
    """
    item = checkup_queries.item_of(checkup, item_id)
    if item is None:
        raise NotFoundError()
    history.expect(item, revision)
    if item.verdict != Verdict.BAD or item.mended_on:
        raise ConflictError(_("这一项没有待整改的问题，请看最新内容。"), row=checkup)
    if not checkup.day <= day <= clock.today():
        raise RefusedError(_("整改日期要在体检之后、今天以前。"))
    item.mended_on, item.mending = day, words
    db.session.flush()
    history.record(checkup, "mend_item", by=by, item=item.code, day=day.isoformat())


def finish(checkup: Checkup, conclusion: str, *, revision: int | None, by: Member) -> None:
    """Write the report.

    Raises ConflictError, RefusedError while items are left, or one that does not comply is mute.
    """
    history.expect(checkup, revision)
    items = checkup_queries.items_of(checkup)
    left = checklist.counted(checkup.sections, items).left
    if left:
        raise RefusedError(_("还有 %(left)d 项没有填，不涉及的请选“不适用”。", left=left))
    mute = sorted(
        code for code, one in items.items() if one.verdict == Verdict.BAD and not one.note
    )
    if mute:
        raise RefusedError(_("不合规的要写明发现了什么：%(codes)s。", codes=_("、").join(mute)))
    checkup.conclusion = conclusion
    history.advance(checkup, CHECKUP_FLOW, "finish_checkup", by=by)


def reopen(checkup: Checkup, *, revision: int | None, by: Member) -> None:
    """Take a check-up up again. Raises ConflictError."""
    history.expect(checkup, revision)
    history.advance(checkup, CHECKUP_FLOW, "reopen_checkup", by=by)


def add_checklist(name: str, sections: Sections, *, by: Member) -> Checklist:
    """Keep a checklist of the firm's own. Raises RefusedError for a name that is taken."""
    if len(checkup_queries.checklists()) >= MOST_CHECKLISTS:
        raise RefusedError(_("最多 %(most)d 份清单，请先删除一份。", most=MOST_CHECKLISTS))
    row = Checklist(name=name, sections=checklist.written(sections))
    _keep(row, name)
    history.record(row, "add_checklist", by=by)
    return row


def _keep(row: Checklist, name: str) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:
        if constraint_of(error) != SAME_NAME:
            raise
        raise RefusedError(_("已经有一份叫“%(name)s”的清单，请换个名字。", name=name)) from error


def change_checklist(
    row: Checklist, name: str, sections: Sections, *, revision: int | None, by: Member
) -> None:
    """Write a checklist anew; check-ups keep the one they began with. Raises as `add_checklist`
    does, ConflictError for a stale page.
    """
    history.expect(row, revision)
    row.sections = checklist.written(sections)
    row.name = name
    _keep(row, name)
    history.record(row, "change_checklist", by=by)


def remove_checklist(row: Checklist, *, by: Member) -> None:
    """Delete a checklist; check-ups keep the one they began with."""
    history.record(row, "remove_checklist", by=by)
    db.session.delete(row)
