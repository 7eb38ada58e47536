"""Looks at every address as one role, once, and notes whatever is wrong with an answer."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from counselhub.core import markers
from counselhub.core.security_headers import HEADERS
from tests.test_every_route import rules
from tests.test_every_template import INLINE
from tests.world import Watch, World

HTMX = {"HX-Request": "true"}
# Made by us, without script; looked at before they are signed or posted.
SHOWN = {
    "balances.balance_pdf",
    "documents.pdf",
    "handovers.notice_pdf",
    "handovers.pack_pdf",
    "interviews.pdf",
    "ledgers.sheet_pdf",
    "pairings.record_pdf",
    "payments.list_pdf",
    "premises.letter_pdf",
    "premises.issues_pdf",
    "products.opinions_pdf",
    "products.report_pdf",
    "products.sheet_pdf",
    "reports.claim_table",
    "reports.dossier_cover",
    "reports.notice_pdf",
    "reports.sheets_pdf",
}
GONE = {"invitations.answer": 410, "upkeep.health": 503}
"""What is answered to a link that nobody sent, and where no worker runs."""
READ = {"duty.worker", "duty.manifest", "duty.phone"}
"""Files that the phone's page reads and nobody opens."""


@dataclass
class Walk:
    """What one role met."""

    faults: list[str] = field(default_factory=list)
    looked: int = 0
    files: int = 0
    kinds: dict[str, set[int]] = field(default_factory=dict)
    """Statuses by the kind of content."""

    def through(self, here: World, role: str, watch: Watch) -> None:
        """Ask for every GET with real ids: the page, its head, and what htmx gets."""
        client = here.clients[role]
        for rule in looking(here.app):
            for address in here.addresses(rule):
                watch.taken()  # a fresh one-time link
                for method, sent in (("GET", {}), ("HEAD", {}), ("GET", HTMX)):
                    # A file that is sent in parts is put away before the next request.
                    with client.open(address, method=method, headers=sent) as answer:
                        found = [*self._of(rule, answer, is_part=bool(sent))]
                    found += [f"wrote {name}" for name in watch.taken()]
                    self.faults += [f"{method} {address} {sent}: {one}" for one in found]

    def _of(self, rule: Rule, answer: TestResponse, *, is_part: bool) -> Iterator[str]:
        self.looked += answer.status_code == 200
        known = (200, 303, 401 if is_part else 303, 403, 404, GONE.get(rule.endpoint))
        if answer.status_code not in known:
            yield f"status {answer.status_code}"
        yield from self.headers(answer)
        if answer.request.method == "HEAD":
            return
        if answer.mimetype == "text/html":
            yield from _on_page(rule, answer.text)
        elif answer.status_code == 200:
            yield from self._of_file(rule, answer)

    def headers(self, answer: TestResponse) -> Iterator[str]:
        """Yield what is wrong with the headers of any answer."""
        self.kinds.setdefault(answer.mimetype, set()).add(answer.status_code)
        for name, value in HEADERS.items():
            if answer.headers.getlist(name) != [value]:
                yield f"{name}: {answer.headers.getlist(name)}"
        if "Strict-Transport-Security" in answer.headers:
            yield "Strict-Transport-Security without https"
        if answer.request.path.startswith(("/static/", "/favicon")):
            return
        if "no-store" not in answer.headers["Cache-Control"]:
            yield f"may be kept: {answer.headers['Cache-Control']}"

    def _of_file(self, rule: Rule, answer: TestResponse) -> Iterator[str]:
        """A file of ours is opened by the program it is for, never by the page's own origin."""
        self.files += 1
        kind = answer.headers.get("Content-Disposition", "").partition(";")[0]
        due = "inline" if rule.endpoint in SHOWN else "attachment"
        if kind != ("" if rule.endpoint in READ else due):
            yield f"is sent as {kind!r}"


def _on_page(rule: Rule, page: str) -> Iterator[str]:
    depth = [1 if tag == "<form" else -1 for tag in re.findall(r"<form\b|</form>", page)]
    if any(inside not in (0, 1) for inside in accumulate(depth)):
        yield "has a form inside a form, which browsers take apart"
    yield from (f"holds {what}" for what in INLINE if re.search(INLINE[what], page))
    if not rule.arguments and markers.PREFIX in page:
        yield "shows the firm's own honey"


def looking(app: Flask) -> Iterator[Rule]:
    """Every route that is only looked at."""
    return (rule for rule in rules(app) if "GET" in (rule.methods or ()))
