"""The tables as the models know them."""

from typing import Any

from counselhub.core.db import Base
from counselhub.schema import MODULES

MODELS: dict[str, Any] = {
    one.__tablename__: one
    for module in MODULES
    for one in vars(module).values()
    if isinstance(one, type) and issubclass(one, Base) and one is not Base
}
