"""What inspectors find, found before them: one table of checks on the records of a month. Pure.

Findings never block: they are told all month, and stand at the certification as warnings.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from uuid import UUID

from counselhub.core.i18n import page_text
from counselhub.core.labels import N_
from counselhub.services.kinds import DisputeKind, FileKind, ServiceKind, ServiceMode

THIN_LETTERS = 10
"""How many letters an entry needs where the firm has set nothing."""
K, M, F = ServiceKind, ServiceMode, FileKind
RECOVERING = frozenset({K.MEDIATION, K.LEGAL_AID})


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFact:
    """A record as the checks know it; what its follow-ups add is in it."""

    id: UUID
    number: str
    day: date
    community_code: str
    adviser_id: UUID
    kind: ServiceKind
    mode: ServiceMode | None = None
    dispute_kind: DisputeKind | None = None
    persons: int | None = None
    recovered_fen: int = 0
    letters: int = 0
    """Letters of its own words and its follow-ups', blanks left out."""
    has_place: bool = False
    has_outcome: bool = False
    files: frozenset[FileKind] = frozenset()
    is_photographed: bool = False
    """Whether the duty of that day has a photo."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFact:
    """A duty session that is over, and whether its lawyer wrote any record of that day there."""

    id: UUID
    day: date
    community_code: str
    adviser_id: UUID
    has_record: bool


class Mend(Enum):
    """Which form mends a finding."""

    FILES = "files"
    RECORD = "record"
    ENTRY = "entry"


@dataclass(frozen=True, slots=True)
class Check:
    """One check on a record: what is missing, said to the lawyer, and where to mend it."""

    code: str
    word: str
    advice: str
    mend: Mend
    fails: Callable[[RecordFact, int], bool]

    @property
    def label(self) -> str:
        """What is missing, in the reader's language."""
        return page_text(self.word)

    @property
    def hint(self) -> str:
        """What to do, in the reader's language."""
        return page_text(self.advice)


CHECKS: Sequence[Check] = (
    Check(
        "INSPECT-1",
        N_("没有现场照片"),
        N_("现场讲座、宣传要有照片：拍一张传上来。"),
        Mend.FILES,
        lambda r, _n: (
            r.kind in (K.LECTURE, K.PUBLICITY)
            and r.mode in (None, M.ON_SITE)
            and F.PHOTO not in r.files
            and not r.is_photographed
        ),
    ),
    Check(
        "INSPECT-2",
        N_("讲座没有讲稿"),
        N_("传讲稿（Word 或 PDF）。"),
        Mend.FILES,
        lambda r, _n: r.kind is K.LECTURE and F.DRAFT not in r.files,
    ),
    Check(
        "INSPECT-3",
        N_("讲座没有签到表"),
        N_("把签到表拍照或扫描传上来。"),
        Mend.FILES,
        lambda r, _n: r.kind is K.LECTURE and F.SIGN_IN not in r.files,
    ),
    Check(
        "INSPECT-4",
        N_("讲座没有到场人数"),
        N_("填写人次。"),
        Mend.RECORD,
        lambda r, _n: r.kind is K.LECTURE and not r.persons,
    ),
    Check(
        "INSPECT-5",
        N_("内容太简单"),
        N_("写清什么事、怎么答复或处理。"),
        Mend.RECORD,
        lambda r, least: r.letters < least,
    ),
    Check(
        "INSPECT-7",
        N_("上门服务没有地点或经过"),
        N_("填写服务地点（写到小区或路段，不写门牌）和办了什么。"),
        Mend.RECORD,
        lambda r, _n: r.mode is M.VISIT and not (r.has_place and r.letters),
    ),
    Check(
        "INSPECT-8",
        N_("调解没有纠纷类型"),
        N_("选择纠纷类型。"),
        Mend.RECORD,
        lambda r, _n: r.kind is K.MEDIATION and r.dispute_kind is None,
    ),
    Check(
        "INSPECT-9",
        N_("调解没有结果"),
        N_("写明达成协议、未达成或仍在调解；有进展时记一次跟进。"),
        Mend.RECORD,
        lambda r, _n: r.kind is K.MEDIATION and not r.has_outcome,
    ),
    Check(
        "INSPECT-10",
        N_("有挽回损失却不是调解或援助"),
        N_("核对类别和金额。"),
        Mend.RECORD,
        lambda r, _n: r.recovered_fen > 0 and r.kind not in RECOVERING,
    ),
)
NO_RECORD = Check(
    "INSPECT-6",
    N_("值班当天没有服务记录"),
    N_("补记当天接待了谁、答复了什么；没有来访也记一条。"),
    Mend.ENTRY,
    lambda _r, _n: False,
)
EVERY: dict[str, Check] = {check.code: check for check in (*CHECKS[:5], NO_RECORD, *CHECKS[5:])}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing or session and all that it lacks, in the order of the table."""

    subject: RecordFact | SessionFact
    checks: tuple[Check, ...]


def findings(
    records: Iterable[RecordFact],
    sessions: Iterable[SessionFact],
    *,
    least_letters: int = THIN_LETTERS,
    skipped: Collection[str] = (),
) -> list[Finding]:
    """Return what lacks something, by day.

    INSPECT-1 to INSPECT-5 and INSPECT-7 to INSPECT-10 are on records, INSPECT-6 is on sessions.
    least_letters: an entry with fewer is thin. skipped: codes that are not asked.
    """
    found = [
        Finding(record, failed)
        for record in records
        if (
            failed := tuple(
                check
                for check in CHECKS
                if check.code not in skipped and check.fails(record, least_letters)
            )
        )
    ]
    if NO_RECORD.code not in skipped:
        found += [Finding(one, (NO_RECORD,)) for one in sessions if not one.has_record]
    return sorted(found, key=lambda one: (one.subject.day, str(one.subject.id)))


def count_by_community(found: Iterable[Finding]) -> dict[str, int]:
    """Return how many things each community still lacks; a record that lacks two counts twice."""
    counted: dict[str, int] = {}
    for one in found:
        code = one.subject.community_code
        counted[code] = counted.get(code, 0) + len(one.checks)
    return counted
