"""Settings: read in one place, from the environment alone; each fault is one sentence.

A secret comes from the environment. In development the key of the cookies may also be a file of
ours (0600) in the data folder, so that a clone runs without any setting.
"""

import os
import re
import secrets
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from counselhub.core.postgres import ServerError, data_folder, outside_urls

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
STRIPE_API = "https://api.stripe.com"
WECOM_API = "https://qyapi.weixin.qq.com"
SHORTEST_SECRET = 32
"""Bytes of a secret in production."""
FEWEST_LETTERS = 10
"""Different ones; a word written again and again has fewer."""
KNOWN = ("secret", "changeme", "change-me", "password", "default", "example", "counselhub")
HOST = re.compile(r"\.?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?|\[[0-9a-f:.]+\](:[0-9]{1,5})?")
SMTP = re.compile(r"smtps?://([^\s@/:]+:[^\s@/]*@)?[A-Za-z0-9.-]+(:[0-9]{1,5})?/?")
MAILBOX = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
SHORTEST_AUDIT_DAYS = 180
"""What the law asks of the record of acts: six months."""
NO_START = 3
"""The exit status by which gunicorn knows that another worker would fare no better."""


class SettingsError(Exception):
    """The settings cannot be used; the message has one line for each fault."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs between installations, but for the database's address."""

    data_dir: Path
    is_production: bool
    port: int
    hosts: tuple[str, ...]
    """Names that the service answers to; one with a dot in front stands for all below it."""
    proxies: int
    """How many proxies stand before us; that many of their headers are believed."""
    secure_cookies: bool
    """Send cookies over https alone. What came over https sets such cookies in any case."""
    upload_megabytes: int
    idle_minutes: int
    session_minutes: int
    confirm_minutes: int
    audit_days: int
    """How long acts are kept, at least SHORTEST_AUDIT_DAYS."""
    offline_hours: int
    """How long a tap may wait on a phone without a signal and still count as claimed."""
    position_accuracy_m: int
    """The largest error of a phone's position, in metres, that still says where it was."""
    stripe_key: str = field(repr=False)
    """The secret key of Stripe, "" where firms do not pay by card."""
    stripe_webhook_secret: str = field(repr=False)
    """What Stripe signs its events with."""
    stripe_api: str
    """Where Stripe answers; another place than Stripe's own only on this machine."""
    payee: tuple[str, str, str]
    """Holder, bank and number of the account that transfers go to, each "" when not given."""
    dingtalk: str
    """Where the interface of DingTalk answers; https, but for this machine."""
    wecom: str
    """Where the group robots of WeCom answer; WeCom's own host, but for this machine in tests."""
    smtp_url: str = field(repr=False)
    """The mail server as smtp://USER:PASSWORD@HOST:PORT or smtps://…, "" where none is."""
    mail_from: str
    """The address that mail is from, "" without a mail server."""
    photo_minutes: int
    """How much earlier or later than its session a photo may have been taken."""
    community_link_hours: int
    """How long a link waits for the community's answer."""
    has_limits: bool
    """Whether requests are counted; off only to measure."""
    has_demonstration: bool
    """Whether an empty service is filled with the demonstration, whose passwords are known."""

    @property
    def address(self) -> str:
        """Where a command tells people to go, without a slash at the end."""
        if self.hosts == LOOPBACK:
            return f"http://127.0.0.1:{self.port}"
        scheme = "https" if self.secure_cookies else "http"
        return f"{scheme}://{self.hosts[0].lstrip('.')}"


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings; names as in README. Raises SettingsError with every fault."""
    reading = _Reading(environ)
    is_production = reading.choice("COUNSELHUB_ENV", ("development", "production")) == "production"
    settings = Settings(
        data_dir=data_folder(environ),
        is_production=is_production,
        port=reading.number("PORT", 8000, 1, 65535),
        hosts=reading.hosts("COUNSELHUB_HOSTS"),
        proxies=reading.number("COUNSELHUB_PROXIES", 0, 0, 9),
        secure_cookies=reading.switch("COUNSELHUB_SECURE_COOKIES", is_production),
        upload_megabytes=reading.number("COUNSELHUB_UPLOAD_MB", 20, 1, 1024),
        idle_minutes=reading.number("COUNSELHUB_IDLE_MINUTES", 30, 5, 120),
        session_minutes=reading.number("COUNSELHUB_SESSION_MINUTES", 720, 30, 1440),
        confirm_minutes=reading.number("COUNSELHUB_CONFIRM_MINUTES", 10, 1, 60),
        audit_days=reading.number(
            "COUNSELHUB_AUDIT_DAYS", SHORTEST_AUDIT_DAYS, SHORTEST_AUDIT_DAYS, 36500
        ),
        offline_hours=reading.number("COUNSELHUB_OFFLINE_HOURS", 24, 1, 168),
        position_accuracy_m=reading.number("COUNSELHUB_POSITION_ACCURACY_M", 150, 10, 2000),
        stripe_key=environ.get("COUNSELHUB_STRIPE_KEY", ""),
        stripe_webhook_secret=environ.get("COUNSELHUB_STRIPE_WEBHOOK_SECRET", ""),
        stripe_api=reading.own_api("COUNSELHUB_STRIPE_API", STRIPE_API),
        payee=reading.payee(),
        dingtalk=reading.address("COUNSELHUB_DINGTALK", "https://oapi.dingtalk.com"),
        wecom=reading.own_api("COUNSELHUB_WECOM", WECOM_API),
        **reading.mail(),
        photo_minutes=reading.number("COUNSELHUB_PHOTO_MINUTES", 15, 0, 240),
        community_link_hours=reading.number("COUNSELHUB_COMMUNITY_LINK_HOURS", 72, 1, 720),
        has_limits=reading.choice("COUNSELHUB_LIMITS", ("on", "off")) == "on",
        has_demonstration=reading.switch("COUNSELHUB_DEMO", not is_production),
    )
    reading.database()
    if is_production:
        reading.production(settings)
    if reading.faults:
        raise SettingsError("\n".join(reading.faults))
    return settings


class _Reading:
    """Reads the environment and notes every fault instead of stopping at the first."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.faults: list[str] = []

    def number(self, name: str, default: int, lowest: int, highest: int) -> int:
        given = self.environ.get(name) or str(default)
        if re.fullmatch(r"[0-9]{1,9}", given) and lowest <= int(given) <= highest:
            return int(given)
        self.faults.append(
            f"{name} is {given!r}; it must be a whole number from {lowest} to {highest}."
        )
        return default

    def choice(self, name: str, choices: tuple[str, ...]) -> str:
        """Return the first choice for a blank one."""
        given = self.environ.get(name) or choices[0]
        if given in choices:
            return given
        self.faults.append(f"{name} is {given!r}; it must be {' or '.join(choices)}.")
        return choices[0]

    def address(self, name: str, default: str) -> str:
        """Return where another service answers: by https, or on this machine."""
        given = (self.environ.get(name) or default).rstrip("/")
        if re.fullmatch(r"https://[a-z0-9.-]+(:[0-9]{1,5})?|http://127\.0\.0\.1:[0-9]{1,5}", given):
            return given
        self.faults.append(f"{name} is {given!r}; it must be https://HOST without a path.")
        return default

    def own_api(self, name: str, own: str) -> str:
        """Return where a service answers: a key goes to its own host, or here in tests."""
        given = (self.environ.get(name) or own).rstrip("/")
        if given != own and not re.fullmatch(r"http://127\.0\.0\.1:[0-9]{1,5}", given):
            self.faults.append(f"{name} is {given!r}; it must be http://127.0.0.1:PORT or blank.")
        return given

    def mail(self) -> dict[str, str]:
        """Return smtp_url and mail_from; the fault never repeats the password."""
        url, sender = (self.environ.get(name, "").strip() for name in ("SMTP_URL", "MAIL_FROM"))
        if url and not SMTP.fullmatch(url):
            self.faults.append("SMTP_URL must be smtp://USER:PASSWORD@HOST:PORT or smtps://….")
        if sender and not MAILBOX.fullmatch(sender):
            self.faults.append(f"MAIL_FROM is {sender!r}; it must be an address such as a@b.cn.")
        if bool(url) != bool(sender):
            self.faults.append("SMTP_URL and MAIL_FROM must be given together.")
        return {"smtp_url": url, "mail_from": sender}

    def payee(self) -> tuple[str, str, str]:
        names = ("COUNSELHUB_PAYEE", "COUNSELHUB_PAYEE_BANK", "COUNSELHUB_PAYEE_ACCOUNT")
        holder, bank, account = (self.environ.get(name, "").strip() for name in names)
        if any((holder, bank, account)) and not all((holder, bank, account)):
            self.faults.append(f"{', '.join(names)} must be given together.")
        return holder, bank, account

    def switch(self, name: str, default: bool) -> bool:
        given = self.environ.get(name) or str(int(default))
        if given not in ("0", "1"):
            self.faults.append(f"{name} is {given!r}; it must be 0 or 1.")
        return given == "1"

    def hosts(self, name: str) -> tuple[str, ...]:
        given = tuple(one.strip().lower() for one in self.environ.get(name, "").split(","))
        named = tuple(one for one in given if one)
        for one in named:
            if not HOST.fullmatch(one):
                self.faults.append(
                    f"{name} has {one!r}; it takes host names with commas between,"
                    " such as counselhub.example.cn."
                )
        return named or LOOPBACK

    def database(self) -> None:
        try:
            outside_urls(self.environ)
        except ServerError as problem:
            self.faults.append(str(problem))

    def production(self, settings: Settings) -> None:
        """Refuse what is good enough for a try-out only."""
        if why := weakness(self.environ.get("COUNSELHUB_SECRET_KEY", "")):
            self.faults.append(f"COUNSELHUB_SECRET_KEY {why}.")
        if not self.environ.get("COUNSELHUB_DATA_KEYS"):
            self.faults.append("COUNSELHUB_DATA_KEYS must be given in production.")
        for name, is_right, wanted in (
            ("COUNSELHUB_HOSTS", settings.hosts != LOOPBACK, "must name the hosts of the service"),
            ("COUNSELHUB_SECURE_COOKIES", settings.secure_cookies, "cannot be 0"),
            ("COUNSELHUB_LIMITS", settings.has_limits, "cannot be off"),
            ("COUNSELHUB_DEMO", not settings.has_demonstration, "cannot be 1"),
        ):
            if not is_right:
                self.faults.append(f"{name} {wanted} in production.")


def weakness(secret: str) -> str:
    """Say why a secret will not do in production, '' when it will."""
    if not secret:
        return "must be given in production"
    if len(secret.encode()) < SHORTEST_SECRET:
        return f"must have at least {SHORTEST_SECRET} bytes in production"
    rest = secret.lower()
    for word in KNOWN:
        rest = rest.replace(word, "")
    if len(rest) < SHORTEST_SECRET // 2 or len(set(rest)) < FEWEST_LETTERS:
        return "must be random in production, not words or a pattern"
    return ""


@contextmanager
def said_plainly(*others: type[Exception]) -> Iterator[None]:
    """Leave with the sentence of a SettingsError, or of `others`, instead of a stack trace."""
    told: tuple[type[Exception], ...] = (SettingsError, *others)
    try:
        yield
    except told as problem:
        print(problem, file=sys.stderr)
        sys.exit(NO_START)


def secret_key(data_dir: Path) -> str:
    """Return the key that signs cookies: COUNSELHUB_SECRET_KEY, or one made in the data folder."""
    if given := os.environ.get("COUNSELHUB_SECRET_KEY"):
        return given
    return kept(data_dir / "keys" / "secret_key", lambda: secrets.token_urlsafe(48))


def kept(path: Path, make: Callable[[], str]) -> str:
    """Return the secret in the file `path`, which only we read; `make` gives it the first time."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(make())
        with suppress(FileExistsError):  # another process was first: its secret stands
            os.link(draft, path)
        draft.unlink()
    return path.read_text()
