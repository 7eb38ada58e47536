"""What the acts of an archive are called."""

from counselhub.core.labels import N_

ARCHIVE_ACTS = {
    "office_archive_asked": N_("申请全部资料导出"),
    "office_archive_made": N_("制作全部资料导出"),
    "office_archive_cancelled": N_("取消全部资料导出"),
    "office_archive_fetched": N_("下载全部资料导出"),
}
"""Asking, cancelling and fetching are acts of long works now; the record keeps those of before."""
