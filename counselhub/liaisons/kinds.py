"""Codes of liaisons and of posts on a mediation committee."""

from counselhub.core.labels import N_, Labelled


class CommitteeRole(Labelled):
    """人民调解委员会职务."""

    DEPUTY_HEAD = "deputy_head", N_("副主任")
    MEMBER = "member", N_("委员")


LIAISON_ACTS = {
    "add_liaison": N_("登记联络员"),
    "change_liaison": N_("修改联络员"),
    "check_liaison": N_("核对联络员"),
    "end_liaison": N_("联络员离任"),
}
POST_ACTS = {
    "begin_post": N_("登记调解委员会任职"),
    "end_post": N_("结束调解委员会任职"),
}
