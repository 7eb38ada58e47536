"""Tell each firm, and its offices, what the day brings; a second run tells nothing new."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.rounds import Round
from counselhub.core.tenancy import Scope, ScopeKind
from counselhub.notices.actions import Note, page, tell_all
from counselhub.notices.kinds import Kind
from counselhub.notices.texts import Fact
from counselhub.people.queries import every_firm
from counselhub.reminders import queries, rules
from counselhub.rota.now_queries import picture
from counselhub.statements import due
from counselhub.statements.models import Statement
from counselhub.statements.states import Side


def run() -> None:
    """Remind every firm, one after the other; each is kept before the next begins."""
    with Round() as each:
        for firm_id, _code in every_firm():
            with each.firm(firm_id):
                remind(firm_id)
                db.session.commit()


def remind(firm_id: UUID) -> int:
    """Tell what the firm in scope is to be reminded of; return how many notices are new."""
    scope, today = Scope(ScopeKind.FIRM, str(firm_id)), clock.today()
    notes = [
        *_contracts(scope, today),
        *_coverage(scope, today),
        *_rota(scope, today),
        *_hours(scope, today),
        *_statements(scope),
        *_waiting(scope, today),
        *_referrals(scope, today),
        *_pairings(scope, today),
    ]
    return tell_all(notes)


def _contracts(scope: Scope, today: date) -> Iterator[Note]:
    for contract in queries.contracts(today):
        step = rules.step_before(contract.ends_on, today, rules.CONTRACT_DAYS)
        yield Note(
            kind=Kind.CONTRACT_ENDING,
            scope=scope,
            key=f"{contract.id}:{contract.ends_on}:{step}",
            path=page("contracts.contract", contract_id=contract.id),
            facts={
                "day": contract.ends_on,
                "days": (contract.ends_on - today).days,
                "community": contract.communities[0].community.name,
                "count": len(contract.communities),
            },
        )


def _coverage(scope: Scope, today: date) -> Iterator[Note]:
    for one in queries.uncovered(today):
        step = rules.step_before(one.gap.first, today, rules.COVERAGE_DAYS)
        if step is not None:
            yield Note(
                kind=Kind.COVERAGE_GAP,
                scope=scope,
                key=f"{one.community.code}:{one.gap.first}:{step}",
                path=page("assignments.coverage"),
                facts={"community": one.community.name, "day": one.gap.first},
            )


def _rota(scope: Scope, today: date) -> Iterator[Note]:
    for outlook in picture().outlooks():
        begun = [gap.starts.date() for gap in outlook.gaps] if outlook.rota else []
        soon = [day for day in begun if (day - today).days < rules.ROTA_DAYS]
        days = {rules.rota_day(one, today): one for one in reversed(soon)}
        for told, begins in sorted(days.items()):
            for street in outlook.streets:
                yield Note(
                    kind=Kind.ROTA_GAP,
                    scope=scope,
                    key=f"{street.code}:{told}",
                    path=page("rota.gaps"),
                    facts={"street": street.name, "day": begins},
                )


def _hours(scope: Scope, today: date) -> Iterator[Note]:
    month, last = clock.this_month(), clock.last_day(today)
    if not rules.is_short_time(last, today):
        return
    for one in queries.short(month, today):
        yield Note(
            kind=Kind.HOURS_SHORT,
            scope=scope,
            key=f"{one.adviser_id}:{month}",
            path=page("reports.picture"),
            advisers=(one.adviser_id,),
            facts={
                "adviser": one.name,
                "month": month,
                "minutes": one.minutes,
                "days": (last - today).days + 1,
            },
        )


def _statements(scope: Scope) -> Iterator[Note]:
    for one in due.notices(queries.last_month()).due:
        yield Note(
            kind=Kind.STATEMENT_DUE,
            scope=scope,
            key=f"{one.street}:{one.month}:{'over' if one.is_over else 'due'}",
            path=page("statements.statements", month=f"{one.month:%Y-%m}"),
            facts={"street": one.street, "month": one.month, "day": one.due},
        )


def _waiting(scope: Scope, today: date) -> Iterator[Note]:
    for statement in queries.waiting(today):
        if (since := statement.turn_since) is None:
            continue
        step = rules.step_after(since, today, rules.WAITING_DAYS)
        key, days = f"{statement.id}:{since}:{step}", (today - since).days
        if statement.turn_side == Side.FIRM:
            yield _of_firm(statement, scope, key, days)
        elif statement.version > 1:
            yield _of_office(statement, key, days)


def _of_firm(statement: Statement, scope: Scope, key: str, days: int) -> Note:
    return Note(
        kind=Kind.QUERY_WAITING,
        scope=scope,
        key=key,
        path=page("statements.statement", statement_id=statement.id),
        facts={"street": statement.street.name, "month": statement.month, "days": days},
    )


def _of_office(statement: Statement, key: str, days: int) -> Note:
    return Note(
        kind=Kind.ANSWER_WAITING,
        scope=Scope(ScopeKind.OFFICE, statement.street_code),
        key=key,
        path=page("review.statement", statement_id=statement.id),
        facts={"firm": statement.firm.name, "month": statement.month, "days": days},
    )


def _referrals(scope: Scope, today: date) -> Iterator[Note]:
    found = queries.referrals(clock.now())
    if not found:
        return
    path = page("referrals.board")
    facts: dict[str, Fact] = {
        "count": sum(one.count for one in found),
        "day": clock.local(min(one.first for one in found)).date(),
    }
    yield Note(kind=Kind.REFERRAL_DUE, scope=scope, key=str(today), path=path, facts=facts)
    for one in found:
        if one.adviser_id is not None:
            yield Note(
                kind=Kind.OWN_REFERRAL_DUE,
                scope=scope,
                key=f"{one.adviser_id}:{today}",
                path=path,
                advisers=(one.adviser_id,),
                facts={"count": one.count, "day": clock.local(one.first).date()},
            )


def _pairings(scope: Scope, today: date) -> Iterator[Note]:
    for pairing in queries.pairings(today):
        if (last := pairing.valid_until) is None:
            continue
        step = rules.step_before(last, today, rules.PAIRING_DAYS)
        yield Note(
            kind=Kind.PAIRING_RENEWAL,
            scope=scope,
            key=f"{pairing.id}:{last}:{step}",
            path=page("pairings.pairing", pairing_id=pairing.id),
            facts={
                "community": pairing.community.name,
                "day": last,
                "days": (last - today).days,
            },
        )
