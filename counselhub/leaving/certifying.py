"""数据删除证明 on A4, in Chinese as papers are: what went, what stays and why; its code proves it.

The digest is taken over what the paper lists, so a copy with another figure in it does not hold.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, literal, select, union_all

from counselhub.core import clock
from counselhub.core.db import Base, db
from counselhub.core.tenancy import as_firm
from counselhub.core.typesetting import typeset
from counselhub.leaving import seals
from counselhub.leaving.contents import STAYS, kept_tables, word_of
from counselhub.people.departures import Departure
from counselhub.statements.documents.stamp import Stamp, grouped

TEMPLATE = Path(__file__).parent / "certificate.typ"
REASON = "司法所、区司法局在结算和监督中已经收到或可以查阅：供其继续审核、支付、归档"
NOTES = (
    "删除范围是本平台的数据库和文件。平台的备份不在此列，由平台按备份的保存期限清除。",
    "律所在离开前导出的归档由律所自行保管，不在删除范围内。",
)


@dataclass(frozen=True, slots=True)
class Made:
    """A certificate. digest: SHA-256 of its list, hexadecimal."""

    digest: str
    paper: bytes


def certify(departure: Departure, at: datetime) -> Made:
    """Write the certificate of a firm that was deleted. Needs the platform's scope.

    Raises TypesettingError.
    """
    told = {
        "number": number_of(departure),
        "firm": departure.firm.name,
        "credit_code": departure.firm.credit_code or "",
        "asked_at": departure.asked_at.isoformat(),
        "deleted_at": at.isoformat(),
        "deleted": sorted(departure.counts.items()),
        "kept": _kept(departure),
        "reasons": sorted(STAYS.items()),
    }
    listed = json.dumps(told, ensure_ascii=False, sort_keys=True).encode()
    digest = hashlib.sha256(listed).hexdigest()
    code = seals.code_of(departure)
    stamp = Stamp(code, digest, f"{departure.check_at}/{code}")
    return Made(digest, typeset(TEMPLATE, _document(departure, told, stamp), at))


def _kept(departure: Departure) -> list[tuple[str, int]]:
    """Return how many rows stay of each shared table that has some, with one statement."""
    tables = (Base.metadata.tables[name] for name in kept_tables())
    each = (
        select(literal(one.name).label("name"), func.count().label("count"))
        .select_from(one)
        .where(one.c.firm_id == departure.firm_id)
        for one in tables
    )
    query = union_all(*each)
    with as_firm(departure.firm_id):
        found = db.session.execute(query).all()
    return [(str(name), int(count)) for name, count in found if count]


def _document(departure: Departure, told: dict[str, Any], stamp: Stamp) -> dict[str, Any]:
    """Return what the template shows: every value already written."""
    rows = sorted(((word_of(name), count) for name, count in told["deleted"]), key=_most)
    kept = sorted(((word_of(name), count) for name, count in told["kept"]), key=_most)
    return {
        "title": "数据删除证明",
        "facts": [
            ("编号", told["number"]),
            ("律师事务所", told["firm"]),
            ("统一社会信用代码", told["credit_code"] or "未登记"),
            ("申请人", departure.asked_by_name),
            ("申请时间", _written(departure.asked_at)),
            ("可删除之日", f"{departure.deletes_on:%Y年%-m月%-d日}"),
            ("删除完成", _written(datetime.fromisoformat(told["deleted_at"]))),
        ],
        "deleted": [(word, f"{count:,}") for word, count in rows],
        "kept": [(word, f"{count:,}") for word, count in kept],
        "reason": REASON,
        "reasons": [why for _name, why in told["reasons"]],
        "notes": NOTES,
        "digest": stamp.digest,
        "code": grouped(stamp.code),
        "short": grouped(stamp.short_digest),
        "picture": stamp.picture,
    }


def _most(row: tuple[str, int]) -> tuple[int, str]:
    return -row[1], row[0]


def _written(at: datetime) -> str:
    return f"{clock.local(at):%Y年%-m月%-d日 %H:%M}"


def number_of(departure: Departure) -> str:
    """Return the number that the certificate bears."""
    return f"SC{clock.local(departure.asked_at):%Y%m%d}-{departure.id.hex[-8:].upper()}"


def file_name(departure: Departure) -> str:
    """Return the name under which the certificate is sent."""
    return f"数据删除证明-{departure.firm.name}.pdf"
