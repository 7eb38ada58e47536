"""Letters as they are written: text and plain HTML, in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from uuid import UUID

from flask import current_app
from flask_babel import gettext as _

from counselhub.core import clock, i18n

SENDER = "CounselHub"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is told, with the whole address that opens it."""

    sentence: str
    href: str


@dataclass(frozen=True, slots=True)
class Letter:
    """What is written to somebody. foot: what stands below, as lines of words and addresses."""

    subject: str
    greeting: str
    lines: Sequence[Line]
    foot: Sequence[Line]


def link(path: str) -> str:
    """Return the whole address of a page, for somebody who reads it elsewhere."""
    return f"{current_app.config['ADDRESS']}{path}"


def written(letter: Letter, *, to: str, number: UUID) -> EmailMessage:
    """Return a letter ready to be handed in.

    number: of the message; its Message-ID stays the same at every further try, so that a server
    which has it already can tell.
    """
    sender = current_app.config["MAIL_FROM"]
    message = EmailMessage()
    message["Subject"] = letter.subject
    message["From"] = formataddr((SENDER, sender))
    message["To"] = to
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = f"<{number}@{sender.partition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # no holiday reply comes back (RFC 3834)
    message.set_content(_text(letter))
    # Not as a page of the app: there need not be a request, nor navigation.
    html = current_app.jinja_env.get_template("notices/letter.html")
    lang = i18n.pick_locale().replace("_", "-")
    message.add_alternative(html.render(letter=letter, lang=lang), subtype="html")
    return message


def _text(letter: Letter) -> str:
    told = [f"{one.sentence}\n{one.href}" for one in letter.lines]
    foot = [f"{one.sentence} {one.href}".strip() for one in letter.foot]
    return "\n\n".join([letter.greeting, *told, "--", "\n".join(foot), ""])


def greeting(name: str) -> str:
    """Return how somebody is addressed."""
    return str(_("%(name)s，您好：", name=name))
