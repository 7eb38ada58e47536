"""Commands that prove the record of acts."""

from datetime import timedelta
from typing import Any

import click
from flask_babel import gettext as _

from counselhub.audit import archive, proof, pruning
from counselhub.audit.breaks import BREAKS
from counselhub.audit.rules import Break, Broken
from counselhub.core import clock, config
from counselhub.core.commands import OPENED, command, emit
from counselhub.core.errors import RefusedError
from counselhub.core.postgres import DatabaseUrls, ServerError


@click.group()
def audit() -> None:
    """The record of acts; its commands stand beside the groups of the others."""


@command(audit, "verify")
@click.option("--reckon", is_flag=True)
@click.option("--json", "as_json", is_flag=True)
def verify(reckon: bool, as_json: bool) -> None:
    """Walk every chain of acts and every statement seal; name the first break (exit status 1).

    --reckon works each submission out again from the facts and terms that were frozen with it.
    """
    report = proof.prove(proof.chains(), reckon=reckon)
    emit(document(report), as_json, words_of(report))
    if report.breaks:
        click.echo(sentence(report.breaks[0]), err=True)
        raise SystemExit(1)


@command(audit, "prune-audit")
@click.option("--dry-run", is_flag=True)
@click.option("--json", "as_json", is_flag=True)
def prune_audit(dry_run: bool, as_json: bool) -> None:
    """Archive acts older than COUNSELHUB_AUDIT_DAYS (180 at least) and take them off the record.

    The chains stay provable; the files lie under archive/audit in the folder COUNSELHUB_DATA.
    """
    urls = click.get_current_context().meta[OPENED]
    if not isinstance(urls, DatabaseUrls):
        raise ServerError("prune-audit needs the address of the owner of the tables.")
    days = config.from_environment().audit_days
    before = clock.now() - timedelta(days=days)
    try:
        pruned = pruning.prune(urls.owner, before, dry_run=dry_run)
    except pruning.UnlinkedError as error:
        raise RefusedError(
            _(
                "%(chain)s：有操作不在留痕链中，从这条链起没有清理。请先运行 verify 查明。",
                chain=error,
            )
        ) from error
    acts = sum(one.acts for one in pruned)
    words = (
        _("早于 %(day)s 的操作有 %(acts)d 条可以清理。")
        if dry_run
        else _("已归档并清理早于 %(day)s 的操作 %(acts)d 条，留痕链仍可核对。")
    )
    told = {
        "dry_run": dry_run,
        "days": days,
        "before": before.isoformat(),
        "events": acts,
        "archive": str(archive.folder()),
        "chains": [{"chain": one.chain, "events": one.acts} for one in pruned],
    }
    day = clock.local(before).date().isoformat()
    emit(told, as_json, str(words) % {"day": day, "acts": acts})


def document(report: proof.Report) -> dict[str, Any]:
    """Return the report as `verify --json` prints it."""
    breaks = [_broken(one) for one in report.breaks]
    return {
        "ok": not breaks,
        "chains": report.chains,
        "events": report.acts,
        "pruned": report.pruned,
        "heads": report.heads,
        "statements": report.statements,
        "frozen": report.frozen,
        "archived": report.archived,
        "proven_from": [{"chain": one.chain, "seq": one.proven_from} for one in report.walks],
        "first_break": breaks[0] if breaks else None,
        "breaks": breaks,
    }


def _broken(one: Broken) -> dict[str, Any]:
    told = {
        "kind": one.kind.value,
        "chain": one.chain,
        "seq": one.seq,
        "event_id": str(one.event_id) if one.event_id else None,
        "day": one.day.isoformat() if one.day else None,
        "statement": one.number,
        "line": one.line,
        "line_id": one.line_id,
        "file": one.file,
        "version": one.version,
        "part": one.part,
        "message": sentence(one),
    }
    return {name: value for name, value in told.items() if value is not None}


def sentence(one: Broken) -> str:
    """Say what a break is and where."""
    place = {
        "chain": one.chain,
        "seq": one.seq or "",
        "event": one.event_id or "",
        "day": one.day or "",
        "number": one.number or "",
        "line": _line(one),
        "file": one.file or "",
        "version": one.version or "",
        "part": one.part or "",
    }
    return str(_(BREAKS[Break(one.kind)], **place))


def _line(one: Broken) -> str:
    if one.line is not None:
        return str(_("第 %(number)s 项", number=one.line))
    return str(_("已被删去的一项") if one.line_id else _("表头"))


def words_of(report: proof.Report) -> str:
    """Say the report to a reader, a line to each break."""
    lines = [
        str(
            _(
                "%(chains)d 条留痕链、%(acts)d 条操作、%(heads)d 个日终摘要、"
                "%(statements)d 份结算单封存、%(frozen)d 份封存依据已核对。",
                chains=report.chains,
                acts=report.acts,
                heads=report.heads,
                statements=report.statements,
                frozen=report.frozen,
            )
        )
    ]
    for one in report.walks:
        words = _("%(chain)s：较早的操作已按期限清理，从第 %(seq)s 条起逐条可证。")
        lines.append(str(words) % {"chain": one.chain, "seq": one.proven_from or "—"})
    lines += [sentence(one) for one in report.breaks] or [str(_("全部完好。"))]
    return "\n".join(lines)
