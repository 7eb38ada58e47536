"""How far the making of an archive is, and what its acts are called."""

from counselhub.core.labels import N_, Labelled


class ArchiveState(Labelled):
    """Where an archive stands."""

    WAITING = "waiting", N_("排队中")
    WORKING = "working", N_("制作中")
    DONE = "done", N_("已做好")
    FAILED = "failed", N_("没有做成")
    CANCELLED = "cancelled", N_("已取消")


TONES = {
    ArchiveState.WAITING: "neutral",
    ArchiveState.WORKING: "info",
    ArchiveState.DONE: "success",
    ArchiveState.FAILED: "danger",
    ArchiveState.CANCELLED: "neutral",
}
ARCHIVE_ACTS = {
    "office_archive_asked": N_("申请全部资料导出"),
    "office_archive_made": N_("制作全部资料导出"),
    "office_archive_cancelled": N_("取消全部资料导出"),
    "office_archive_fetched": N_("下载全部资料导出"),
}
