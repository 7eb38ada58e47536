"""The blueprint of products: nothing of theirs is kept by a browser or a proxy."""

from flask import Blueprint, Response

bp = Blueprint("products", __name__)


@bp.after_request
def keep_nothing(response: Response) -> Response:
    """Let no browser and no proxy keep a page or a file of products."""
    response.headers["Cache-Control"] = "no-store"
    return response
