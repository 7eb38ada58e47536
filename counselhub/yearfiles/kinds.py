"""What may be missing from a year's file, and how far its making is."""

from counselhub.core.labels import N_, Labelled


class GapKind(Labelled):
    """Something that a whole file would have."""

    NO_CONTRACT = "no_contract", N_("当年没有已签订的合同")
    NO_SCAN = "no_scan", N_("合同没有签署扫描件")
    NO_STATEMENT = "no_statement", N_("有合同的月份没有提交结算单")
    NOT_SIGNED = "not_signed", N_("结算单还没有审定")
    NO_VISIT = "no_visit", N_("有合同的月份没有到岗")
    NO_SIGN_OUT = "no_sign_out", N_("值班没有签退")
    NO_PHOTO = "no_photo", N_("值班没有现场照片")
    NO_SHEET = "no_sheet", N_("讲座没有签到表")
    NO_LECTURE_FILE = "no_lecture_file", N_("讲座没有供司法所查看的照片或讲稿")


class FileState(Labelled):
    """How far the making of a file is."""

    WAITING = "waiting", N_("排队中")
    WORKING = "working", N_("制作中")
    DONE = "done", N_("已完成")
    FAILED = "failed", N_("没有做成")
