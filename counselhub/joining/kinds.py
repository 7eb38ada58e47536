"""What there is to accept, and how a sign-up ended."""

from counselhub.core.labels import N_, Labelled


class Text(Labelled):
    """A text that a firm accepts."""

    TERMS = "terms", N_("服务条款")
    DATA = "data", N_("数据处理协议")


class Outcome(Labelled):
    """How a sign-up ended; whoever signed up is told the same each time."""

    MADE = "made", N_("已开通试用")
    KNOWN_FIRM = "known_firm", N_("该律所已在使用")
    KNOWN_PERSON = "known_person", N_("该邮箱已有账号")
