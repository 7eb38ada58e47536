"""What a year's file is asked for by, and what may be missing from it."""

from counselhub.core.labels import N_, Labelled

TASK = "year_file"
"""Among long works."""


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
