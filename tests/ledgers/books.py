"""Made-up ledgers as offices keep them."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter

from tests.factories import Tenant

HEADERS = (
    "月份", "社区代码", "合同编号", "现场次数", "现场时长(小时)", "讲座场次", "以案定补件数",
    "核定金额(元)", "备注",
)  # fmt: skip
AGREED = (3, 6, 1, 1, 1810)
"""Visits, hours, lectures, cases and yuan that the furnished statement says of each community."""


def book(rows: Sequence[Sequence[Any]], headers: Sequence[Any] = HEADERS) -> bytes:
    """A workbook with a header and rows; the same bytes for the same content."""
    return sheet([headers, *rows])


def sheet(rows: Sequence[Sequence[Any]]) -> bytes:
    """A workbook of one sheet as given, from its first row."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"strings_to_formulas": False}) as made:
        made.set_properties({"created": datetime(2026, 11, 1)})  # Excel's own
        page = made.add_worksheet("台账")
        for place, row in enumerate(rows):
            page.write_row(place, 0, row)
    return file.getvalue()


def row(
    community: str, *values: Any, month: str = "2026-10", contract: str = "", note: str = ""
) -> list[Any]:
    """A ledger's row; values: visits, hours, lectures, cases, yuan."""
    return [month, community, contract, *values, note]


def agreeing(tenant: Tenant) -> list[list[Any]]:
    """Rows that agree with the furnished statement."""
    return [row(code, *AGREED) for code in tenant.town.communities[:2]]
