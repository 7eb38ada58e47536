#!/bin/sh
# Makes .venv from requirements.lock, once: a second call with the same lock in the same place
# returns at once. Called by `make setup` from the top of the checkout; works as root and as an
# ordinary user, and from a path with a space.
set -eu
export UV_PYTHON_DOWNLOADS=never PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
export UV_SYSTEM_CERTS=1 # a house with its own certificate authority is no stranger

venv=.venv
stamp=$venv/.installed

# A checkout that was moved has the old path in its scripts, so the path belongs to the stamp.
wanted() {
    pwd -P
    cat requirements.lock pyproject.toml tools/setup.sh
}

# The first Python that this user can run and that can make a venv: one built in root's private
# home is on the PATH of others too, and fails only when it is called.
pick_python() {
    for python in python3 python3.11 python3.12 python3.13 python3.14 /usr/bin/python3; do
        if "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
            >/dev/null 2>&1; then
            echo "$python"
            return
        fi
    done
    echo "No Python 3.11 or newer with the venv module was found; install python3 and python3-venv." >&2
    return 1
}

# uv comes from the same lock, with its hashes. Without it pip does the same, in a minute.
install_locked() {
    sed -n '/^uv==/,/[^\\]$/p' requirements.lock >"$venv/uv.lock"
    if "$venv/bin/python" -m pip install --quiet --require-hashes -r "$venv/uv.lock" &&
        "$venv/bin/python" -m uv pip install --quiet --python "$venv/bin/python" \
            --require-hashes -r requirements.lock; then
        return
    fi
    echo "uv could not install the lock; pip does it, which takes about a minute." >&2
    "$venv/bin/python" -m pip install --quiet --require-hashes -r requirements.lock
}

if [ -x "$venv/bin/python" ] && [ -f "$stamp" ] && wanted | cmp -s - "$stamp"; then
    exit 0
fi
python=$(pick_python)
rm -rf "$venv"
"$python" -m venv "$venv"
install_locked
"$venv/bin/python" -m pip install --quiet --no-deps --no-build-isolation --editable .
wanted >"$stamp"
