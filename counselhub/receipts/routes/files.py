"""A bank's file: upload, columns, trial, import."""

from typing import Any

from flask import current_app, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx, paging
from counselhub.core.access import current_member, require
from counselhub.core.acting import attempt, told
from counselhub.core.forms import text
from counselhub.core.permissions import Permission
from counselhub.receipts import files, importing, queries
from counselhub.receipts.forms import ColumnsForm, FileForm, columns_in
from counselhub.receipts.routes.blueprint import bp

P = Permission
UPLOAD, TRIAL = "receipts/upload.html", "receipts/trial.html"


@bp.get("/receipts/import")
@require(P.RECEIPT_MANAGE)
def upload() -> ResponseReturnValue:
    """Offer the upload of a bank's file."""
    return htmx.show(UPLOAD, **_upload())


def _upload(*, form: FileForm | None = None, refusal: str = "") -> dict[str, Any]:
    return {
        "form": form or FileForm(formdata=None, bank=request.args.get("bank", "")),
        "banks": queries.banks(),
        "limit": (current_app.config["MAX_CONTENT_LENGTH"] or 0) // 2**20,
        "refusal": refusal,
    }


@bp.post("/receipts/trials")
@require(P.RECEIPT_MANAGE)
def create_receipt_trial() -> ResponseReturnValue:
    """Keep an upload, then show what it would bring."""
    form = FileForm()

    def act() -> ResponseReturnValue:
        data, bank = form.file.data.read(), text(form.bank)
        importing.try_file(data, bank)
        digest = files.keep(current_member().firm_id, data)
        return htmx.gone_to(url_for(".trial", receipt_digest=digest, bank=bank))

    return attempt(form, act, _upload, page=UPLOAD, field=form.file, form=form)


@bp.get("/receipts/trials/<receipt_digest>")
@require(P.RECEIPT_MANAGE)
def trial(receipt_digest: str) -> ResponseReturnValue:
    """Show what the import of a tried file would bring under the chosen columns."""
    return htmx.show(TRIAL, **_trial(receipt_digest))


def _trial(receipt_digest: str, *, refusal: str = "") -> dict[str, Any]:
    source = request.form if request.method == "POST" else request.args
    bank = source.get("bank", "").strip()[:60]
    data = files.read(current_member().firm_id, receipt_digest)
    found = importing.try_file(data, bank, columns_in(source))
    form = ColumnsForm(formdata=None, bank=bank)
    form.offer(list(found.headers), found.mapping)
    return {
        "digest": receipt_digest,
        "bank": bank,
        "trial": found,
        "shown": found.new[: importing.SHOWN],
        "page": paging.of_all(found.reading.faults),
        "sentence": importing.sentence,
        "form": form,
        "refusal": refusal,
    }


@bp.post("/receipts/trials/<receipt_digest>")
@require(P.RECEIPT_MANAGE)
def create_receipt_import(receipt_digest: str) -> ResponseReturnValue:
    """Import exactly the file that was tried; the rows at fault are left out."""
    member, form = current_member(), ColumnsForm()
    data = files.read(member.firm_id, receipt_digest)
    shown = _trial(receipt_digest)
    form.offer(list(shown["trial"].headers), shown["trial"].mapping)

    def act() -> ResponseReturnValue:
        bank = shown["bank"] or str(_("银行"))
        new = importing.import_file(data, bank, shown["trial"].mapping, by=member)
        sentence = _("已导入 %(new)s 笔到账；先前导入过的不会重复。", new=new)
        return told(sentence, url_for(".suggestions"))

    def look(*, refusal: str = "") -> dict[str, Any]:
        return {**shown, "refusal": refusal}

    return attempt(form, act, look, page=TRIAL)
