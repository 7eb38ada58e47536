"""A furnished firm's products: a text with a version and an opinion, marked with its token."""

from datetime import date

from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.products import (
    checklist,
    checkup_actions,
    document_actions,
    lecture_actions,
    reading,
    text_actions,
    word,
)
from counselhub.products.checkup_actions import CheckupEntry, CompanyEntry, Finding
from counselhub.products.document_actions import Order, Source
from counselhub.products.kinds import LectureKind, Risk, TextKind, Verdict
from counselhub.products.lecture_actions import LecturePlan
from counselhub.products.papers import Paper, Words
from counselhub.products.text_actions import OpinionEntry, TextEntry
from tests.factories import Tenant

DAY = date(2026, 9, 8)


def add(tenant: Tenant, token: str) -> dict[str, object]:
    """Add one of each kind; return ids by the parameters of their addresses."""
    by = tenant.member(Role.MANAGER)
    place = tenant.town.communities[0]
    entry = TextEntry(TextKind.CONTRACT, f"合同{token}", place, tenant.adviser_id, "")
    review = text_actions.begin(entry, reading.pasted(f"第一条 {token}"), by=by)
    said = OpinionEntry(1, 1, Risk.HIGH, f"意见{token}", f"建议{token}")
    opinion = text_actions.add_opinion(review, said, by=by)
    ids = {"text_id": review.id, "opinion_id": opinion.id}
    ids |= {"lecture_id": _lecture(tenant, token, by), **_document(tenant, token, by)}
    return {**ids, **_checkup(tenant, token, by)}


def _document(tenant: Tenant, token: str, by: Member) -> dict[str, object]:
    content = word.docx(Paper(f"文书{token}", [Words("{{委托人}}")], (), "", DAY))
    template = document_actions.add_template(f"模板{token}", content, by=by)
    source = Source(template.name, tuple(template.fields), content)
    place, values = tenant.town.communities[0], {"委托人": f"委托人{token}"}
    order = Order(f"文书{token}", place, tenant.adviser_id, "", values)
    made = document_actions.draft(source, order, by=by)
    return {"document_id": made.id, "document_template_id": template.id}


def _lecture(tenant: Tenant, token: str, by: Member) -> object:
    place = tenant.town.communities[0]
    kind = LectureKind.LECTURE
    plan = LecturePlan(kind, f"主题{token}", f"地点{token}", place, tenant.adviser_id, DAY, None)
    made = lecture_actions.plan(plan, by=by)
    sent = word.docx(Paper(f"讲稿{token}", [], (), "", DAY))
    lecture_actions.set_draft(made, f"讲稿{token}.docx", sent, by=by)
    return made.id


def _checkup(tenant: Tenant, token: str, by: Member) -> dict[str, object]:
    place = tenant.town.communities[0]
    sections = checklist.parsed(f"# 部分{token}\n体检项{token}")
    own = checkup_actions.add_checklist(f"清单{token}", sections, by=by)
    company = CompanyEntry(f"公司{token}", None, place)
    entry = CheckupEntry(company, tenant.adviser_id, DAY, None, "")
    made = checkup_actions.begin(entry, f"清单{token}", sections, by=by)
    finding = Finding("1.1", Verdict.BAD, f"发现{token}", f"建议{token}", None)
    item = checkup_actions.answer(made, finding, revision=None, by=by)
    return {"checkup_id": made.id, "item_id": item.id, "checklist_id": own.id}
