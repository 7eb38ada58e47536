"""Everything that is held about one client, to hand over: as JSON, or as a workbook."""

import json
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from typing import Any

import xlsxwriter

from counselhub.clients import queries, seals
from counselhub.clients.kinds import ACTS
from counselhub.clients.models import Client
from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.services.kinds import DisputeKind, ServiceKind, ServiceMode

Document = dict[str, Any]
HEADS = {
    "服务对象": {
        "name": "姓名",
        "phone": "电话",
        "informed_on": "告知日期",
        "created_at": "登记时间",
        "erased_at": "删除时间",
        "made_at": "导出时间",
    },
    "服务记录": {
        "number": "编号",
        "day": "日期",
        "kind": "类别",
        "mode": "方式",
        "dispute_kind": "纠纷类型",
        "community": "社区",
        "adviser": "律师",
        "count": "件次",
        "content": "内容",
        "outcome": "结果",
    },
    "以案定补": {
        "number": "案件编号",
        "accepted_on": "受理日期",
        "closed_on": "结案日期",
        "dispute_kind": "纠纷类型",
        "community": "社区",
        "adviser": "律师",
    },
    "使用记录": {"at": "时间", "act": "事项", "who": "经手人", "detail": "说明"},
}


def document(client: Client) -> Document:
    """Return what is held: the person, the services, the cases, and who did what with the data."""
    person = seals.opened(client)
    return {
        "client": {
            "name": person.name,
            "phone": person.phone,
            "informed_on": client.informed_on and client.informed_on.isoformat(),
            "created_at": clock.local(client.created_at).isoformat(),
            "erased_at": client.erased_at and clock.local(client.erased_at).isoformat(),
            "made_at": clock.local(clock.now()).isoformat(),
        },
        "services": [_service(row) for row in db.session.execute(queries.services_of(client))],
        "cases": [_case(row) for row in queries.cases_of(client)],
        "acts": [
            {
                "at": clock.local(event.at).isoformat(),
                "act": ACTS.get(event.act, event.act),
                "who": event.who,
                "detail": event.detail,
            }
            for event in history.of(client)
        ],
    }


def _service(row: Any) -> Document:
    return {
        "number": row.number,
        "day": row.day.isoformat(),
        "kind": ServiceKind.of(row.kind).word,
        "mode": row.mode and ServiceMode.of(row.mode).word,
        "dispute_kind": row.dispute_kind and DisputeKind.of(row.dispute_kind).word,
        "community": row.community,
        "adviser": row.adviser,
        "count": row.count,
        "content": row.content,
        "outcome": row.outcome,
    }


def _case(row: Any) -> Document:
    return {
        "number": row.number,
        "accepted_on": row.accepted_on.isoformat(),
        "closed_on": row.closed_on.isoformat(),
        "dispute_kind": row.dispute_kind and DisputeKind.of(row.dispute_kind).word,
        "community": row.community,
        "adviser": row.adviser,
    }


def as_json(held: Document) -> bytes:
    """Return the document as readable JSON."""
    return json.dumps(held, ensure_ascii=False, indent=2).encode()


def as_xlsx(held: Document) -> bytes:
    """Return the document as a workbook of four sheets; every cell is text, never a formula."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False})
    bold = book.add_format({"bold": True})
    rows = ([held["client"]], held["services"], held["cases"], held["acts"])
    for (title, head), lines in zip(HEADS.items(), rows, strict=True):
        _sheet(book.add_worksheet(title), head, lines, bold)
    book.close()
    return file.getvalue()


def _sheet(page: Any, head: Mapping[str, str], lines: Iterable[Document], bold: Any) -> None:
    for column, word in enumerate(head.values()):
        page.write_string(0, column, word, bold)
        page.set_column(column, column, 18)
    for row, line in enumerate(lines, start=1):
        for column, value in enumerate(_cells(head, line)):
            page.write_string(row, column, value)


def _cells(head: Mapping[str, str], line: Document) -> Sequence[str]:
    values = (line[key] for key in head)
    return [
        json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value or "")
        for value in values
    ]
