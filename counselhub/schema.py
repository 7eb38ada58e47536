"""The whole schema: every feature's tables, and the check that the migrations build exactly them.

`python -m counselhub.schema check` is part of `make check`; `new` is `make migration`.
"""

import re
import sys

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from counselhub.adjustments import models as adjustments
from counselhub.admins import models as admins
from counselhub.advisers import models as advisers
from counselhub.agreements import models as agreements
from counselhub.appeals import models as line_appeals
from counselhub.assessments import models as assessments
from counselhub.assignments import models as assignments
from counselhub.attendance import models as attendance
from counselhub.balances import models as balances
from counselhub.billing import models as billing
from counselhub.cards import models as cards
from counselhub.choosing import models as choosing
from counselhub.claims import dossier_models as dossiers
from counselhub.claims import models as claims
from counselhub.clawbacks import models as clawbacks
from counselhub.clients import models as clients
from counselhub.closing import models as closing
from counselhub.conferences import models as conferences
from counselhub.confirmations import models as confirmations
from counselhub.contracts import models as contracts
from counselhub.core import (
    chain,
    counters,
    data_keys,
    history,
    job_faults,
    migrations,
    outages,
    sender,
)
from counselhub.core.db import Base
from counselhub.core.scratch import scratch_database
from counselhub.corrections import models as corrections
from counselhub.cover import models as cover
from counselhub.cutoffs import models as cutoffs
from counselhub.duty import models as duty
from counselhub.earlier import models as earlier
from counselhub.factors import models as factors
from counselhub.handovers import models as handovers
from counselhub.honey import models as honey
from counselhub.hooks import models as hooks
from counselhub.instalments import models as instalments
from counselhub.interviews import models as interviews
from counselhub.invitations import models as invitations
from counselhub.joining import models as joining
from counselhub.leave import models as leave
from counselhub.ledgers import models as ledgers
from counselhub.liaisons import models as liaisons
from counselhub.matters import models as matters
from counselhub.notices import models as notices
from counselhub.officeday import models as officeday
from counselhub.packets import models as packets
from counselhub.packs import mark_models as performance_marks
from counselhub.packs import models as packs
from counselhub.pairings import models as pairings
from counselhub.pairings import studio_models as studios
from counselhub.pairings import work_models as pairing_work
from counselhub.payments import models as payments
from counselhub.people import departures
from counselhub.people import models as people
from counselhub.photos import models as photos
from counselhub.places import models as places
from counselhub.points import models as points
from counselhub.points import proof_models as proofs_of_place
from counselhub.premises import models as premises
from counselhub.products import checkup_models as checkups
from counselhub.products import document_models as drafted_documents
from counselhub.products import lecture_models as lectures
from counselhub.products import text_models as revised_texts
from counselhub.programme import models as programme
from counselhub.receipts import models as receipts
from counselhub.referrals import after_models as referral_feedback
from counselhub.referrals import models as referrals
from counselhub.referrals import team_models as teams
from counselhub.review import models as canned_reasons
from counselhub.robots import models as robots
from counselhub.roster import models as roster
from counselhub.rota import models as rota
from counselhub.schemes import models as schemes
from counselhub.services import log_models as service_log
from counselhub.services import models as services
from counselhub.spotchecks import models as spotchecks
from counselhub.starting import models as starting
from counselhub.statements import models as statements
from counselhub.statements import sealed_models as sealed
from counselhub.statements import thread_models as line_threads
from counselhub.statements import turn_models as review_turns
from counselhub.support import models as support
from counselhub.tokens import models as tokens
from counselhub.work import models as work

MODULES = (
    places,
    people,
    notices,
    robots,
    departures,
    factors,
    admins,
    advisers,
    packs,
    schemes,
    performance_marks,
    contracts,
    assignments,
    work,
    leave,
    roster,
    duty,
    corrections,
    points,
    proofs_of_place,
    rota,
    cover,
    photos,
    confirmations,
    services,
    service_log,
    programme,
    teams,
    referrals,
    referral_feedback,
    conferences,
    packets,
    claims,
    dossiers,
    pairings,
    pairing_work,
    studios,
    cards,
    closing,
    adjustments,
    cutoffs,
    earlier,
    statements,
    instalments,
    agreements,
    sealed,
    support,
    tokens,
    hooks,
    officeday,
    receipts,
    balances,
    billing,
    payments,
    line_threads,
    review_turns,
    canned_reasons,
    line_appeals,
    clawbacks,
    assessments,
    attendance,
    spotchecks,
    ledgers,
    interviews,
    premises,
    handovers,
    liaisons,
    choosing,
    honey,
    history,
    job_faults,
    data_keys,
    clients,
    matters,
    revised_texts,
    checkups,
    drafted_documents,
    lectures,
    counters,
    chain,
    sender,
    outages,
    joining,
    invitations,
    starting,
)


def check(owner_url: str) -> list[str]:
    """Return what is wrong: several heads, a stale `.head`, a schema that is not the models'."""
    heads = ScriptDirectory(str(migrations.FOLDER)).get_heads()
    if len(heads) != 1:
        return [f"{len(heads)} heads: {', '.join(heads)}"]
    noted = (migrations.FOLDER / ".head").read_text().strip()
    faults = [] if noted == heads[0] else [f"migrations/.head names {noted}, head is {heads[0]}"]
    migrations.upgrade(owner_url)
    return faults + [f"drift: {difference}" for difference in _drift(owner_url)]


def _drift(owner_url: str) -> list[object]:
    engine = create_engine(owner_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, Base.metadata)
    engine.dispose()
    return list(differences)


def new(message: str) -> str:
    """Draft the next migration from what the models say and the migrations do not; return its id.

    What autogenerate cannot see (row security, exclusion constraints, triggers) is added by hand.
    """
    scripts = ScriptDirectory(str(migrations.FOLDER))
    number = int((scripts.get_current_head() or "0000")[:4]) + 1
    identity = f"{number:04d}_{re.sub('[^a-z0-9]+', '_', message.lower()).strip('_')}"
    with scratch_database("draft") as urls:
        migrations.upgrade(urls.owner)
        config = migrations.config(urls.owner)
        config.attributes["metadata"] = Base.metadata
        command.revision(config, message, autogenerate=True, rev_id=identity)
    (migrations.FOLDER / ".head").write_text(f"{identity}\n")
    return identity


def main(arguments: list[str]) -> int:
    """Check on a scratch database, all the way up, down and up again; or draft a migration."""
    match arguments:
        case ["check"]:
            return _check_all()
        case ["new", message]:
            print(new(message))
            return 0
    print("usage: python -m counselhub.schema check | new MESSAGE", file=sys.stderr)
    return 2


def _check_all() -> int:
    with scratch_database("check") as urls:
        faults = check(urls.owner)
        command.downgrade(migrations.config(urls.owner), "base")
        migrations.upgrade(urls.owner)
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
