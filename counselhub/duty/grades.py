"""How well a session is proven: A to D, with the reasons. Pure.

EVID-1: a session without a sign-out is D, whatever else speaks for it.
EVID-2: the record is as good as its clock: tapped at once or kept by another system, tapped without
    a signal, sent too late, written, imported or changed by hand.
EVID-3: what others vouch for lifts the grade: the community's confirmation, services that were
    logged while the session ran. Nobody's silence lowers it.
EVID-4, EVID-5, EVID-6: so do the phone's position and the community's moving code (`points`), and
    a photo of that time (`photos`).
EVID-8: so does the firm's attendance record (钉钉) that agrees in time, punched at a place that the
    firm had told to be the community. Not for a session that was made from that record, nor once
    a person had to settle a difference. Nobody is told to bring it: not every firm has such a
    system.

| record        | nothing else | one proof | two |
|---------------|--------------|-----------|-----|
| at once       | C            | B         | A   |
| another system| C            | B         | A   |
| without signal| C            | B         | B   |
| too late      | D            | C         | B   |
| by hand       | D            | C         | C   |
"""

from collections.abc import Sequence
from dataclasses import dataclass

from counselhub.core.labels import N_, Labelled
from counselhub.photos.rules import Seen
from counselhub.points.rules import Placed


class Record(Labelled):
    """How a session came to be recorded (EVID-2)."""

    AT_ONCE = "at_once", N_("当场打卡，服务器时间")
    SYSTEM = "system", N_("其他系统的记录")
    OFFLINE = "offline", N_("离线打卡，手机校正时间")
    LATE = "late", N_("补传过晚或手机时间超前")
    HAND = "hand", N_("补录、导入或人工更正")


class Proof(Labelled):
    """Who else vouches for a session (EVID-3)."""

    COMMUNITY = "community", N_("社区已确认")
    SERVICES = "services", N_("值班时间内登记了服务")
    POSITION = "position", N_("手机定位在值班点")
    CODE = "code", N_("扫了社区动态码")
    PHOTO = "photo", N_("有值班时间内的照片")
    PUNCH = "punch", N_("钉钉打卡一致")


class Missing(Labelled):
    """What would make a session better proven."""

    SIGN_OUT = "sign_out", N_("没有签退")
    COMMUNITY = "community", N_("没有社区确认")
    SERVICES = "services", N_("值班时间内没有登记服务")
    POSITION = "position", N_("没有值班点的定位")
    CODE = "code", N_("没有扫社区动态码")
    PHOTO = "photo", N_("没有值班时间内的照片")


TABLE: dict[Record, str] = {
    Record.AT_ONCE: "CBA",
    Record.SYSTEM: "CBA",
    Record.OFFLINE: "CBB",
    Record.LATE: "DCB",
    Record.HAND: "DCC",
}
"""The grade by the number of proofs: none, one, two or more."""


@dataclass(frozen=True, slots=True)
class Graded:
    """A grade, A the best, with what it rests on and what it lacks."""

    grade: str
    record: Record
    proofs: Sequence[Proof]
    missing: Sequence[Missing]
    placed: Sequence[Placed] = ()
    """What its taps say of where they were made."""
    photos: Sequence[Seen] = ()


def grade(record: Record, proofs: frozenset[Proof], *, is_signed_out: bool) -> Graded:
    """Return how well a session is proven, by the table above."""
    counted = min(len(proofs), len(TABLE[record]) - 1)
    wanted = set(Proof) - {Proof.PUNCH} - proofs
    missing = [Missing(proof.value) for proof in Proof if proof in wanted]
    if not is_signed_out:
        missing.insert(0, Missing.SIGN_OUT)
    letter = TABLE[record][counted] if is_signed_out else "D"
    return Graded(letter, record, [proof for proof in Proof if proof in proofs], missing)
