"""What the wording of steps and of warnings share."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flask_babel import gettext as _

from counselhub.core.i18n import listed
from counselhub.core.labels import N_
from counselhub.core.money import format_yuan

Inputs = Mapping[str, Any]

REFUSALS = {
    "unfulfilled": N_("协议尚未履行"),
    "dossier_incomplete": N_("卷宗不齐全"),
    "taken_elsewhere": N_("这个案件编号已在别的结算单领取"),
    "repeated": N_("案件编号重复"),
    "no_rate": N_("方案没有这个难易等级的标准"),
}


SOURCES = (N_("市级"), N_("区级"), N_("街道"))
"""Who pays, as `Source` has it: pages translate the stored word."""


class Worded(NamedTuple):
    """A step in words: what is worked out, with which figures, what comes of it ("": nothing)."""

    what: str
    working: str
    result: str = ""


def yuan(fen: int | None) -> str:
    """Write fen as yuan; what is not set is a dash."""
    return "—" if fen is None else format_yuan(fen)


def days(texts: Sequence[str]) -> str:
    """Write days of one year shortly: `10-05、10-06`."""
    return listed(text[5:] for text in texts)


def in_language(word: str) -> str:
    """Return a term that the catalogue knows from where it is defined, in the reader's language."""
    return str(_(word))
