"""Papers typeset by typst with the project's fonts: data goes in as JSON and stays data."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from counselhub.statements.documents import typesetting

HERE = Path(__file__).parent


def typeset(template: str, data: Mapping[str, Any], made_at: datetime) -> bytes:
    """Return the PDF of a template here; the same data gives the same bytes.

    Raises TypesettingError.
    """
    return typesetting.typeset(HERE / template, data, made_at)
