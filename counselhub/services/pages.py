"""What the pages of services are given: rows of the day, one record with what is beside it."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from counselhub.clients import queries as clients
from counselhub.clients.seals import Masked
from counselhub.core import htmx
from counselhub.core.access import can, current_member
from counselhub.core.permissions import Permission
from counselhub.services import log_queries
from counselhub.services.files import MOST
from counselhub.services.forms import RecordForm
from counselhub.services.inspecting import of_record
from counselhub.services.kinds import SHAREABLE, FileKind, ServiceKind, ServiceMode
from counselhub.services.log_forms import file_form, follow_up_form
from counselhub.services.models import ServiceRecord


def row(
    record: ServiceRecord, community: str, adviser: str, found: Sequence[Masked] = ()
) -> dict[str, Any]:
    """What a row of the day shows."""
    return {
        "record": record,
        "kind": ServiceKind(record.kind).label,
        "mode": ServiceMode(record.mode).label if record.mode else None,
        "community": community,
        "adviser": adviser,
        "is_own": record.adviser_id == current_member().adviser_id,
        "clients": found,
    }


def clients_of(record: ServiceRecord) -> Sequence[Masked]:
    """Return whom a record was for, masked."""
    return clients.of_services([record.id])[record.id]


def full_row(found: ServiceRecord) -> dict[str, Any]:
    """Return what the row of one record shows."""
    return row(found, found.community.name, found.adviser.name, clients_of(found))


def one_record(
    found: ServiceRecord, form: RecordForm, refusal: str | None = None
) -> dict[str, Any]:
    """Return what a record's page, or the form in its row, shows. refusal: why not done."""
    shown = full_row(found) | {
        "form": form,
        "refusal": refusal,
        "back": url_for("services.records", month=f"{found.day:%Y-%m}"),
        "may_change": can(Permission.SERVICE_LOG, found),
        "lacks": (),
    }
    return shown if htmx.wants_part() else shown | beside(found)


def beside(found: ServiceRecord) -> dict[str, Any]:
    """Return what stands beside a record, and what the checks find missing of it."""
    return {
        "follow_ups": log_queries.follow_ups(found.id),
        "files": log_queries.files(found.id),
        "follow_up_form": follow_up_form(),
        "file_form": file_form(),
        "file_kinds": {kind.value: kind.label for kind in FileKind},
        "shareable": [kind.value for kind in SHAREABLE],
        "most_files": MOST,
        "lacks": [check for one in of_record(found) for check in one.checks],
    }
