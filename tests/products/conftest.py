"""Revised texts of the made-up firm."""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient

from counselhub.core import clock
from tests.factories import Tenant
from tests.services.conftest import make_record as make_record

NOON = datetime(2026, 10, 8, 12, 0, tzinfo=clock.SHANGHAI)
FIRST = "租赁合同\n第一条 租金每月三千元。\n第二条 每月五日前支付。\n第三条 违约金为租金的两倍。"
SECOND = "租赁合同\n第一条 租金每月三千元。\n第二条 每月十日以前支付。\n第四条 争议由法院管辖。"

Begin = Callable[..., str]


def word_file(*paragraphs: str) -> bytes:
    """Return a Word file with these paragraphs."""
    from docx import Document

    made, target = Document(), BytesIO()
    for one in paragraphs:
        made.add_paragraph(one)
    made.save(target)
    return target.getvalue()


@pytest.fixture
def text_data(tenant: Tenant) -> dict[str, Any]:
    """What the form of a new text sends."""
    return {
        "kind": "contract_review",
        "title": "大盆菜场地租赁合同",
        "community_code": tenant.town.communities[0],
        "pasted": FIRST,
    }


@pytest.fixture
def begin(as_adviser: FlaskClient, text_data: dict[str, Any]) -> Begin:
    """Begin a text as the first adviser does; returns the address of its page."""

    def make(**given: Any) -> str:
        answer = as_adviser.post("/products/texts", data=text_data | given)
        assert answer.status_code == 303, answer.text
        return str(answer.location)

    return make
