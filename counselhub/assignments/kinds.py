"""Codes of an assignment."""

from counselhub.core.labels import N_, Labelled


class AssignmentRole(Labelled):
    """角色: one 主责 for a community and day, any number of 备岗."""

    LEAD = "lead", N_("主责")
    BACKUP = "backup", N_("备岗")
