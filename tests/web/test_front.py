"""The way in: hosts, proxies, cookies over https, and addresses that lead elsewhere."""

import http.client
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from counselhub.core.addresses import own_path, path_of
from counselhub.core.config import LOOPBACK
from counselhub.core.front import is_own
from counselhub.core.permissions import Role
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.postgres.settings import CHECKOUT
from tests import factories
from tests.browser.serving import _free_port, _wait_for
from tests.web.conftest import Make

OWN = ("counselhub.example.cn", ".law.example", "port.example:8443", "[2001:db8::1]")


@pytest.mark.parametrize(
    ("host", "is_ours"),
    [
        pytest.param("counselhub.example.cn", True, id="its name"),
        pytest.param("counselhub.example.cn:443", True, id="its usual port"),
        pytest.param("counselhub.example.cn:8443", False, id="another port"),
        pytest.param("a.law.example", True, id="below a name with a dot"),
        pytest.param("law.example", True, id="that name itself"),
        pytest.param("evillaw.example", False, id="only ends alike"),
        pytest.param("port.example:8443", True, id="a port that is written there"),
        pytest.param("port.example", False, id="without its port"),
        pytest.param("[2001:db8::1]", True, id="IPv6"),
        pytest.param("[2001:db8::2]", False, id="another IPv6"),
        pytest.param("localhost", False, id="the machine itself, not named"),
        pytest.param("evil.example", False, id="a stranger"),
        pytest.param("counselhub.example.cn.evil.example", False, id="begins alike"),
        pytest.param("counselhub.example.cn@evil.example", False, id="as a user"),
        pytest.param("counselhub.example.cn/evil", False, id="with a path"),
        pytest.param("counselhub.example.cn:443:80", False, id="two ports"),
        pytest.param("counselhub.example.cn, evil.example", False, id="two hosts"),
        pytest.param("counselhub.example.cn\t", False, id="a blank"),
        pytest.param(":80", False, id="no name"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_only_named_hosts_are_ours(host: str, is_ours: bool) -> None:
    assert is_own(host, OWN) is is_ours


def test_on_the_own_machine_any_port_will_do() -> None:
    assert is_own("127.0.0.1:23001", LOOPBACK)
    assert is_own("[::1]:23001", LOOPBACK)
    assert not is_own("evil.example:23001", LOOPBACK)
    assert not is_own("anything", ("only.example:8443",)), "no name without port is no name at all"


HOSTILE = [
    "//evil.example",
    "///evil.example",
    "https://evil.example",
    "https:evil.example",
    "http:/evil.example",
    "HTTPS://EVIL.EXAMPLE",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/\r\nLocation: https://evil.example",
    "/%0d%0aLocation:%20https://evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "//evil.example@localhost",
    "https://localhost@evil.example",
    "https://localhost.evil.example",
    "//[::1",
    "http://[evil",
    "evil.example",
    "?next=//evil.example",
    "#//evil.example",
    "/x\u2028//evil.example",
    "/\u00a0/evil.example",
    "\u3000//evil.example",
    "/\x00/evil.example",
    "／／evil.example",
    "//evil。example",
    "",
    "/" * 5000 + "evil.example",
]


def leads_home(location: str) -> bool:
    """Say whether a browser that reads `location` stays on our host."""
    read = location.strip().replace("\\", "/").replace("\t", "").replace("\n", "")
    parts = urlsplit(read.replace("\r", ""))
    inside = parts.netloc in ("", "localhost") and parts.scheme in ("", "http")
    return inside and not read.startswith("//")


@pytest.mark.parametrize("address", HOSTILE)
@pytest.mark.parametrize("place", ["next", "back", "Referer", "HX-Current-URL", "HX-Request"])
def test_nobody_is_sent_elsewhere(app: Flask, account: str, place: str, address: str) -> None:
    client = app.test_client()
    if place == "next":
        signed = {"email": account, "password": factories.PASSWORD}
        answer = client.post("/sign-in", query_string={"next": address}, data=signed)
    elif place == "back":
        answer = client.post("/language", data={"language": "en", "back": address})
    else:
        one_line = (
            " ".join(address.split("\n")).replace("\r", " ").encode("utf-8").decode("latin-1")
        )
        headers = {"HX-Request": "true"} if place == "HX-Request" else {}
        headers |= {"HX-Current-URL" if place == "HX-Request" else place: one_line}
        answer = client.post("/people", headers=headers)
    if "\x00" in address and place in ("next", "back"):
        assert answer.status_code == 422
        return
    target = answer.headers.get("Location") or answer.headers["HX-Redirect"]
    assert answer.status_code in (303, 401)
    assert leads_home(target), target
    assert [one for one in answer.headers if "\n" in one[1] or "\r" in one[1]] == []
    if "next=" in target:  # and neither does the page that it leads to
        signed = {"email": account, "password": factories.PASSWORD}
        assert leads_home(client.post(target, data=signed).location)


@pytest.fixture(scope="module")
def account(app: Flask) -> str:
    """Somebody to sign in as."""
    tenant = factories.tenant(app, factories.town(app))
    return factories.account(app, tenant.scope, Role.MANAGER)


@given(st.text(st.sampled_from("/\\ \t\n.:@?#%evil\u3000")))
def test_what_passes_for_a_path_is_one(text: str) -> None:
    assert leads_home(own_path(text, "/home"))
    assert leads_home(path_of(text, "/home"))


@pytest.mark.parametrize("part", ["_scheme", "_external", "_anchor", "_method", "endpoint", "page"])
def test_a_part_of_the_query_makes_no_other_address(as_manager: FlaskClient, part: str) -> None:
    """Links to the next page and to another order repeat the query: as a query, nothing else."""
    page = as_manager.get("/communities", query_string={part: "javascript"})
    assert page.status_code == 200
    assert 'href="javascript' not in page.text
    assert f"{part}=javascript" in page.text or part == "page"


def test_links_are_made_for_our_own_host(make_app: Make) -> None:
    app = make_app(hosts="counselhub.example.cn", proxies="1")
    client = app.test_client()
    good = {"Host": "counselhub.example.cn"}
    assert client.get("/sign-in", headers=good).status_code == 200
    for wrong in (
        {"Host": "evil.example"},
        good | {"X-Forwarded-Host": "evil.example"},
        good | {"X-Forwarded-Host": "counselhub.example.cn, evil.example"},
    ):
        answer = client.get("/sign-in", headers=wrong)
        assert answer.status_code == 400, wrong
        assert "COUNSELHUB_HOSTS" in answer.text
        assert "evil.example" not in answer.text
        assert client.get("/static/app.css", headers=wrong).status_code == 400


@contextmanager
def serving(urls: DatabaseUrls, **settings: str) -> Iterator[int]:
    """Serve by gunicorn as in production; give the port."""
    port = _free_port()
    given = {f"COUNSELHUB_{name.upper()}": value for name, value in settings.items()}
    given |= {"DATABASE_URL": urls.app, "DATABASE_APP_URL": urls.app, "PORT": str(port)}
    command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "--workers", "1"]
    process = subprocess.Popen(command, cwd=CHECKOUT, env=os.environ | given)
    try:
        _wait_for(f"http://127.0.0.1:{port}", process)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def ask(port: int, path: str, **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("GET", path, headers=sent)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


@pytest.mark.parametrize("proxies", ["0", "1"])
def test_behind_a_proxy_https_makes_hsts_and_secure_cookies(
    urls: DatabaseUrls, proxies: str
) -> None:
    """Through the real server, which has a belief of its own about what a proxy says."""
    believed = proxies == "1"
    with serving(urls, proxies=proxies) as port:
        for path in ("/sign-in", "/nowhere", "/static/app.css"):
            secure = ask(port, path, X_Forwarded_Proto="https")
            assert (secure.headers["Strict-Transport-Security"] is not None) is believed, path
            assert secure.headers["Content-Security-Policy"], path
            plain = ask(port, path)
            assert plain.headers["Strict-Transport-Security"] is None
        cookie = ask(port, "/sign-in", X_Forwarded_Proto="https").headers["Set-Cookie"]
        assert ("; Secure" in cookie) is believed
        assert "; Secure" not in ask(port, "/sign-in").headers["Set-Cookie"]
        assert ask(port, "/sign-in", Host="evil.example").status == 400
        poisoned = ask(port, "/sign-in", X_Forwarded_Host="evil.example")
        assert poisoned.status == (400 if believed else 200)
        assert ask(port, "/sign-in", SCRIPT_NAME="//evil.example").status in (200, 400)
        assert "python" not in (ask(port, "/").headers["Server"] or "").lower()
