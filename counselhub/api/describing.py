"""What the interface says of itself: `openapi.json`, for everybody."""

import orjson
from flask import Response

from counselhub.api import spec
from counselhub.api.operations import OPERATIONS, bp
from counselhub.core import programs
from counselhub.core.access import public


@bp.get("/openapi.json")
@public
def openapi() -> Response:
    """Describe every operation, in OpenAPI 3.1."""
    return Response(orjson.dumps(spec.document(OPERATIONS)), mimetype=programs.JSON)
