"""Make new statements: heads, lines, cases and history of one firm with one statement of SQL."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from counselhub.core import clock, history
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.i18n import listed
from counselhub.core.ids import uuid7
from counselhub.core.members import Member
from counselhub.core.money import LARGEST_FEN, format_yuan
from counselhub.core.tenancy import current_firm_id
from counselhub.people.models import Firm
from counselhub.statements.actions.cases import cases_in
from counselhub.statements.drafting import Draft, drafts_of
from counselhub.statements.facts import AdjustmentFact, MonthFacts, ReleaseFact
from counselhub.statements.gather import Gathered
from counselhub.statements.lines import Line, encode
from counselhub.statements.models import Statement
from counselhub.statements.rules import statement as rules
from counselhub.statements.rules.funding import funding
from counselhub.statements.rules.presence import OnSite
from counselhub.statements.rules.warnings import warnings_of
from counselhub.statements.terms import Source

INSERT_LINES = """
INSERT INTO statement_line (firm_id, id, statement_id, street_code, position, contract_id,
    contract_number, community_code, kind, month, quantity, amount_fen, trace, warnings, review,
    payment, version, revision)
SELECT %(firm)s, id, statement_id, street_code, position, contract_id, contract_number,
    community_code, kind, month, quantity, amount_fen, trace, warnings, 'pending', 'unpaid',
    version, 1
FROM jsonb_to_recordset(%(lines)s::jsonb) AS line (id uuid, statement_id uuid, street_code text,
    position bigint, contract_id uuid, contract_number text, community_code text, kind text,
    month date, quantity text, amount_fen bigint, trace jsonb, warnings jsonb, version bigint)
"""
# References between these inserts are checked when the whole statement is done.
INSERT_ALL = f"""
WITH head AS (
    INSERT INTO statement (firm_id, id, number, street_code, month, status, version, total_fen,
        funding, payee, computed_at, revision)
    SELECT %(firm)s, id, number, street_code, %(month)s, 'draft', 0, total_fen, funding, '{{}}',
        %(now)s, 1
    FROM jsonb_to_recordset(%(heads)s::jsonb)
        AS head (id uuid, number text, street_code text, total_fen bigint, funding jsonb)
), line AS ({INSERT_LINES}), entry AS ({history.INSERT_ENTRIES.format("%(entries)s::jsonb")})
, taken AS (
    INSERT INTO case_payment (case_number, firm_id, statement_id)
    SELECT case_number, %(firm)s, statement_id
    FROM jsonb_to_recordset(%(cases)s::jsonb) AS wanted (case_number text, statement_id uuid)
    ORDER BY case_number
    ON CONFLICT DO NOTHING
    RETURNING case_number
), bound AS (
    UPDATE adjustment a SET statement_id = wanted.statement_id, revision = a.revision + 1
    FROM jsonb_to_recordset(%(adjustments)s::jsonb) AS wanted (id uuid, statement_id uuid)
    WHERE a.firm_id = %(firm)s AND a.id = wanted.id AND a.statement_id IS NULL
        AND a.withdrawn_at IS NULL
    RETURNING a.id::text
), freed AS (
    UPDATE assessment_release a SET statement_id = wanted.statement_id, revision = a.revision + 1
    FROM jsonb_to_recordset(%(releases)s::jsonb) AS wanted (id uuid, statement_id uuid)
    WHERE a.firm_id = %(firm)s AND a.id = wanted.id AND a.statement_id IS NULL
    RETURNING a.id::text
)
SELECT case_number FROM taken UNION ALL SELECT id FROM bound UNION ALL SELECT id FROM freed
"""  # noqa: S608  # names of ours


def make(gathered: Sequence[Gathered], by: Member, firm_code: str = "") -> int:
    """Make a firm's statements of one month where none is live; return the sum of their totals.

    firm_code: asked for when not given. Raises ConflictError when somebody just made one; what was
    done before in the transaction stands.
    """
    code = firm_code or db.session.scalars(select(Firm.code).where(Firm.id == by.firm_id)).one()
    try:
        with db.session.begin_nested():
            return make_plainly(gathered, by, code)
    except LostError as error:
        return make([without(each, error.keys) for each in gathered], by, code)


def make_plainly(gathered: Sequence[Gathered], by: Member, firm_code: str) -> int:
    """Do as `make` does, without a savepoint: what it raises leaves a transaction to be given up.

    Raises ConflictError when somebody just made one, LostError when somebody just took a case.
    """
    made = [_document(each, firm_code, by) for each in gathered]
    wanted = {case["case_number"] for document in made for case in document["cases"]}
    for kind in ("adjustments", "releases"):
        wanted |= {one["id"] for document in made for one in document[kind]}
    try:
        lost = wanted - set(_insert(made, gathered[0].facts.month.first))
    except IntegrityError as error:
        known = ("ix_statement_one_live", "uq_statement_firm_id_number")
        if constraint_of(error) not in known:
            raise
        numbers = listed(document["head"]["number"] for document in made)
        raise ConflictError(
            _("同事刚刚编制了结算单 %(number)s，请打开它查看最新内容。", number=numbers)
        ) from error
    if lost:
        raise LostError(lost)
    return sum(document["head"]["total_fen"] for document in made)


class LostError(Exception):
    """Another statement took some of the cases or adjustments in the meantime.

    keys: numbers of cases, ids of adjustments.
    """

    def __init__(self, keys: Collection[str]) -> None:
        super().__init__(keys)
        self.keys = keys


def work_out(facts: MonthFacts) -> list[Draft]:
    """Apply the rules to the facts; return the lines with their warnings.

    Raises RefusedError when no statement could say so much money.
    """
    on_site = OnSite(facts)
    lines = rules.lines_of(facts, on_site)
    if sum(abs(line.amount_fen) for line in lines) > LARGEST_FEN:
        raise RefusedError(_too_large(max(lines, key=lambda line: abs(line.amount_fen))))
    return drafts_of(lines, warnings_of(facts, lines, on_site))


def _too_large(line: Line) -> str:
    return str(
        _(
            "合同 %(contract)s 在社区 %(community)s 的金额达 %(amount)s 元，超出可结算的范围。"
            "请核对合同的年度金额和补贴方案的标准。",
            contract=line.contract,
            community=line.community,
            amount=format_yuan(line.amount_fen),
        )
    )


def without(gathered: Gathered, keys: Collection[str]) -> Gathered:
    """Return the facts with these cases taken by somebody else, without these adjustments."""
    facts = gathered.facts
    claims = [
        replace(claim, taken_elsewhere=True) if claim.case_number in keys else claim
        for claim in facts.claims
    ]
    adjustments = [fact for fact in facts.adjustments if fact.key not in keys]
    releases = [fact for fact in facts.releases if fact.key not in keys]
    left = replace(facts, claims=claims, adjustments=adjustments, releases=releases)
    return replace(gathered, facts=left)


def shares(lines: Sequence[Line], facts: MonthFacts) -> list[list[Any]]:
    """Return who pays lines, [[source, fen], …]; what no scheme shares out is the street's."""
    parts = dict(funding(lines, facts.carries))
    rest_fen = sum(line.amount_fen for line in lines) - sum(parts.values())
    if rest_fen:
        parts[Source.STREET] = parts.get(Source.STREET, 0) + rest_fen
    return [[source.value, parts[source]] for source in Source if source in parts]


def line_rows(
    statement_id: UUID,
    drafts: Iterable[tuple[int, Draft]],
    gathered: Gathered,
    *,
    version: int,
) -> list[dict[str, Any]]:
    """Return new lines at their positions as INSERT_LINES reads them."""
    street, ids = gathered.facts.street, gathered.contract_ids
    return [
        {
            "id": uuid7(),
            "statement_id": statement_id,
            "street_code": street,
            "position": position,
            "contract_id": ids.get(line.contract),
            "contract_number": line.contract,
            "community_code": line.community or None,
            "kind": line.kind,
            "month": line.month.first,
            "quantity": line.quantity,
            "amount_fen": line.amount_fen,
            "trace": trace,
            "warnings": warnings,
            "version": version,
        }
        for position, (line, trace, warnings) in drafts
    ]


def insert_lines(rows: Sequence[dict[str, Any]]) -> None:
    """Insert lines of the firm in scope with one statement."""
    if rows:
        db.session.connection().exec_driver_sql(
            INSERT_LINES, {"firm": current_firm_id(), "lines": encode(rows)}
        )


def _document(gathered: Gathered, firm_code: str, by: Member) -> dict[str, Any]:
    """Return all that is to be inserted for one street."""
    facts = gathered.facts
    drafts = work_out(facts)
    lines = [draft.line for draft in drafts]
    statement_id = uuid7()
    total_fen = sum(line.amount_fen for line in lines)
    cases = cases_in(draft.trace for draft in drafts if draft.line.kind == "case")
    return {
        "head": {
            "id": statement_id,
            "number": _number(gathered, firm_code),
            "street_code": facts.street,
            "total_fen": total_fen,
            "funding": shares(lines, facts),
        },
        "lines": line_rows(statement_id, enumerate(drafts), gathered, version=1),
        "cases": [{"case_number": number, "statement_id": statement_id} for number in cases],
        "adjustments": _bound(facts.adjustments, statement_id),
        "releases": _bound(facts.releases, statement_id),
        "entry": history.entry(
            statement_id,
            Statement.__tablename__,
            "compute",
            by=by,
            street_code=None,
            total_fen=total_fen,
        ),
    }


def _bound(
    facts: Iterable[AdjustmentFact | ReleaseFact], statement_id: UUID
) -> list[dict[str, Any]]:
    """Return which rows the statement takes."""
    return [{"id": fact.key, "statement_id": statement_id} for fact in facts if fact.key]


def _number(gathered: Gathered, firm_code: str) -> str:
    """Return the statement's number; one that follows void ones says so."""
    facts, before = gathered.facts, len(gathered.standing)
    plain = f"{firm_code}-{facts.street}-{facts.month.year}{facts.month.number:02d}"
    return f"{plain}-{before + 1}" if before else plain


def _insert(made: Sequence[dict[str, Any]], month: Any) -> list[str]:
    """Insert everything at once; return the keys that were still to be had."""
    rows = db.session.connection().exec_driver_sql(
        INSERT_ALL,
        {
            "firm": current_firm_id(),
            "month": month,
            "now": clock.now(),
            "heads": encode([document["head"] for document in made]),
            "lines": encode([row for document in made for row in document["lines"]]),
            "entries": encode([document["entry"] for document in made]),
            "cases": encode([case for document in made for case in document["cases"]]),
            "adjustments": encode([one for document in made for one in document["adjustments"]]),
            "releases": encode([one for document in made for one in document["releases"]]),
        },
    )
    return [key for (key,) in rows]
