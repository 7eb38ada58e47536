"""Our own Stripe over HTTP, on the loopback: what the official library talks to."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.stripe import simulated
from tests.stripe.own import OwnStripe, Thing, listed

PORTS = range(21200, 21300)
HIDDEN = ("kept_payments", "sent", "prorations")
"""What is no part of an answer."""


def nested(pairs: list[tuple[str, str]]) -> Thing:
    """Read form keys as the library writes them: items[0][id]=x."""
    whole: Thing = {}
    for key, value in pairs:
        *path, last = re.findall(r"[^\[\]]+", key)
        place = whole
        for step in path:
            place = place.setdefault(step, {})
        place[last] = value
    return whole


class Handler(BaseHTTPRequestHandler):
    """One request of the library, or of a browser on the page of a checkout."""

    own: OwnStripe

    def do_GET(self) -> None:
        """Answer what is read."""
        self._answer("GET", nested(parse_qsl(urlsplit(self.path).query)))

    def do_POST(self) -> None:
        """Answer what is changed; the same key gets the same answer."""
        length = int(self.headers.get("Content-Length") or 0)
        self._answer("POST", nested(parse_qsl(self.rfile.read(length).decode())))

    def do_DELETE(self) -> None:
        """Answer what is ended."""
        self._answer("DELETE", nested(parse_qsl(urlsplit(self.path).query)))

    def log_message(self, *_args: Any) -> None:
        """Stay silent."""

    def _answer(self, method: str, sent: Thing) -> None:
        path = urlsplit(self.path).path
        with self.own.lock:
            if path.startswith("/pay/"):
                self._page(method, path.removeprefix("/pay/"))
                return
            self.own.requests.append(f"{method} {path}")
            if self.own.is_away:
                self._send(503, {"error": {"message": "away", "type": "api_error"}})
                return
            key = f"{path} {self.headers.get('Idempotency-Key')}"
            if method == "POST" and key in self.own.told_once:
                self._send(200, self.own.told_once[key])
                return
            status, found = self._found(method, path, sent)
            if method == "POST" and status == 200:
                self.own.told_once[key] = found
            self._send(status, found)

    def _found(self, method: str, path: str, sent: Thing) -> tuple[int, Thing]:
        for (verb, shape), act in ROUTES.items():
            if verb == method and (match := re.fullmatch(shape, path)):
                try:
                    return 200, shown(act(self.own, sent, *match.groups()), self._address())
                except KeyError:
                    break
        problem = {"message": f"no such thing: {path}", "type": "invalid_request_error"}
        return 404, {"error": problem}

    def _address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def _page(self, method: str, checkout: str) -> None:
        """Show the page on which a customer pays; pay, and go back."""
        if method == "POST":
            self.send_response(303)
            self.send_header("Location", self.own.complete(self.own.things[checkout]))
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        page = b"<!doctype html><title>Pay</title><form method=post><button>Pay</button></form>"
        self._write(200, "text/html", page)

    def _send(self, status: int, found: Thing) -> None:
        self._write(status, "application/json", json.dumps(found).encode())

    def _write(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Request-Id", "req_own")
        if status == 503:
            self.send_header("Stripe-Should-Retry", "false")
        self.end_headers()
        self.wfile.write(body)


def shown(found: Thing, address: str) -> Thing:
    """Return a thing as an answer has it."""
    copy: Thing = json.loads(json.dumps(found))
    for one in [copy, *copy.get("data", [])]:
        if one.get("object") == "checkout.session":
            one["url"] = f"{address}/pay/{one['id']}"
        if one.get("object") == "billing_portal.session":
            one["url"] = f"{address}/portal/{one['id']}"
        for name in HIDDEN:
            one.pop(name, None)
    return copy


def _customer(own: OwnStripe, sent: Thing) -> Thing:
    made = own.keep("cus", "customer", name=sent["name"], metadata=sent.get("metadata", {}))
    own.tell("customer.created", made)
    return made


def _price(own: OwnStripe, sent: Thing) -> Thing:
    return own.keep(
        "price",
        "price",
        currency=sent["currency"],
        unit_amount=int(sent["unit_amount"]),
        recurring=sent["recurring"],
        lookup_key=sent["lookup_key"],
        active=True,
    )


def _prices(own: OwnStripe, sent: Thing) -> Thing:
    keys = sent["lookup_keys"].values()
    return listed([one for one in own.all("price") if one["lookup_key"] in keys])


def _checkout(own: OwnStripe, sent: Thing) -> Thing:
    return own.keep(
        "cs",
        "checkout.session",
        customer=sent["customer"],
        status="open",
        mode=sent["mode"],
        sent=sent,
    )


def _portal(own: OwnStripe, sent: Thing) -> Thing:
    return own.keep("bps", "billing_portal.session", customer=sent["customer"])


def _invoices(own: OwnStripe, sent: Thing) -> Thing:
    found = own.all("invoice", customer=sent["customer"])
    if "data.payments" in sent.get("expand", {}).values():
        found = [one | {"payments": one["kept_payments"]} for one in found]
    return listed(found)


def _of(kind: str, field: str) -> Callable[[OwnStripe, Thing], Thing]:
    return lambda own, sent: listed(own.all(kind, **{field: sent[field]}))


ROUTES: dict[tuple[str, str], Callable[..., Thing]] = {
    ("POST", "/v1/customers"): _customer,
    ("POST", "/v1/prices"): _price,
    ("GET", "/v1/prices"): _prices,
    ("POST", "/v1/checkout/sessions"): _checkout,
    ("POST", "/v1/billing_portal/sessions"): _portal,
    ("DELETE", "/v1/subscriptions/([^/]+)"): lambda own, _sent, one: own.end(
        own.things[one], "cancellation_requested"
    ),
    ("GET", "/v1/subscriptions"): _of("subscription", "customer"),
    ("POST", "/v1/subscriptions/([^/]+)"): lambda own, sent, one: own.change(own.things[one], sent),
    ("GET", "/v1/invoices"): _invoices,
    ("GET", "/v1/charges"): _of("charge", "customer"),
    ("GET", "/v1/charges/([^/]+)"): lambda own, _sent, one: own.things[one],
    ("GET", "/v1/refunds"): _of("refund", "charge"),
    ("GET", "/v1/disputes"): _of("dispute", "charge"),
} | simulated.ROUTES


@contextmanager
def served(own: OwnStripe) -> Iterator[str]:
    """Serve `own` on a free port of the loopback; give the address."""
    handler = type("OwnHandler", (Handler,), {"own": own})
    for port in PORTS:
        try:
            server = ThreadingHTTPServer(("127.0.0.1", port), handler)
            break
        except OSError:
            continue
    else:
        raise RuntimeError("no port is free")
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
