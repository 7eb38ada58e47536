"""The public page that checks a paper: by its QR code, by what is typed, or by the file."""

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from counselhub.core import htmx
from counselhub.core.access import public
from counselhub.core.downloads import KEPT_BY_NOBODY
from counselhub.papers import queries, rules
from counselhub.papers.forms import FileForm, PaperForm
from counselhub.papers.rules import NOTHING, Given, Paper
from counselhub.statements.documents import issuing
from counselhub.statements.documents.stamp import code_in_address

bp = Blueprint("papers", __name__)
PAGE = "papers/check.html"


@bp.get("/papers")
@public
def checks() -> ResponseReturnValue:
    """Ask for what stands on a paper."""
    return _page(PaperForm(), FileForm())


@bp.get("/papers/<token>")
@public
def check(token: str) -> ResponseReturnValue:
    """Answer for the paper whose QR code was read."""
    form = PaperForm(formdata=None, code=token.upper()[:80])
    paper = queries.found(code_in_address(token)).paper
    page = _answered(paper, NOTHING, form)
    return page if paper else (page, 404)


@bp.post("/papers")
@public
def create_check() -> ResponseReturnValue:
    """Compare what was typed with what was sealed."""
    form = PaperForm()
    if not form.validate_on_submit():
        return _page(form, FileForm(formdata=None), status=422)
    return _answered(queries.found(form.typed_code).paper, form.given, form)


@bp.post("/papers/file")
@public
def create_file_check() -> ResponseReturnValue:
    """Say whether a PDF is what we made, byte for byte, and whether it still holds."""
    form = FileForm()
    if not form.validate_on_submit():
        return _page(PaperForm(formdata=None), form, status=422)
    found = queries.found(issuing.code_in(form.content))
    given = Given(is_as_issued=issuing.is_as_issued(form.content, found.key))
    return _answered(found.paper, given, PaperForm(formdata=None))


def _answered(paper: Paper | None, given: Given, form: PaperForm) -> Response:
    verdict = rules.judge(paper, given)
    wrong = rules.differing(paper, given) if paper else []
    return _page(
        form,
        FileForm(formdata=None),
        answer={"verdict": verdict, "paper": paper, "wrong": wrong, "given": given},
    )


def _page(
    form: PaperForm, file_form: FileForm, *, answer: object = None, status: int = 200
) -> Response:
    show = htmx.show if status == 200 else htmx.invalid
    page = show(PAGE, form=form, file_form=file_form, answer=answer)
    page.headers["Cache-Control"] = KEPT_BY_NOBODY
    return page
