"""How a second step was passed."""

from counselhub.core.labels import N_, Labelled


class Method(Labelled):
    """What proved that it is the person, beside the password or, of a confirmation, instead."""

    PASSWORD = "password", N_("登录密码")
    TOTP = "totp", N_("动态验证码")
    RECOVERY = "recovery", N_("恢复码")
    PASSKEY = "passkey", N_("通行密钥")
