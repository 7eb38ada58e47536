"""A web process of the tests that is killed in the middle of a request."""

import base64
import os
import subprocess
import sys

from flask import Flask

from counselhub.core.postgres import DatabaseUrls
from counselhub.core.sealing import KeyRing
from counselhub.core.tenancy import Scope

STOPPING = """
import sys, time
from importlib import import_module
from counselhub import create_app
from counselhub.core.permissions import Role
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.tenancy import Scope, ScopeKind
from tests import factories
url, key, where, method, path, name, value = sys.argv[1:]
app = create_app(DatabaseUrls(url, url))
app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, SERVER_NAME="localhost")
client = factories.signed_in(app, Scope(ScopeKind.FIRM, key), Role.MANAGER)
def stand(*_args, **_more):
    print("here", flush=True)
    time.sleep(120)
module, _colon, names = where.partition(":")
*owners, last = names.split(".")
owner = import_module(module)
for one in owners:
    owner = getattr(owner, one)
setattr(owner, last, stand)
data = {name: (open(value, "rb"), "book.xlsx") if name == "file" else value} if name else None
client.open(path, method=method, data=data)
"""
"""A process that signs in and asks, and stands still where it would call `where`."""


def kill_in_request(
    app: Flask,
    urls: DatabaseUrls,
    scope: Scope,
    request: tuple[str, str],
    where: str,
    field: tuple[str, str] = ("", ""),
) -> None:
    """Let a process of its own serve a request of the firm's manager, and kill -9 it at `where`.

    request: method and address. where: "module:name" of the call it does not live to make. field:
    name and value of what is sent, of `file` the path. It gets the keys of `app`.
    """
    ring: KeyRing = app.extensions["data_keys"]
    keys = (f"{name}:{base64.urlsafe_b64encode(key).decode()}" for name, key in ring.keys.items())
    with subprocess.Popen(
        [sys.executable, "-c", STOPPING, urls.app, scope.key, where, *request, *field],
        env=os.environ | {"COUNSELHUB_DATA_KEYS": ",".join(keys)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"here\n"
        process.kill()
