"""Mail over TLS, and with a password."""

import ipaddress
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask

from counselhub.notices.kinds import DeliveryState
from tests.notices.conftest import Reader, states
from tests.notices.server import Post, running

S = DeliveryState


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's TLS for 127.0.0.1, and the file of who vouches for it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    own = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(own, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = tmp_path / "cert.pem", tmp_path / "key.pem"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(public, private)
    return context, public


@pytest.mark.parametrize(
    ("login", "is_known", "outcome"),
    [
        pytest.param("sender:p%3Aw%2Fd%20%401", True, (S.SENT, ""), id="signed in over TLS"),
        pytest.param("sender:wrong", True, (S.WAITING, "smtp_535"), id="a wrong password"),
        pytest.param("sender:p%3Aw%2Fd%20%401", False, (S.WAITING, "tls"), id="an unknown server"),
    ],
)
def test_passwords_go_over_tls_to_a_known_server_only(
    app: Flask,
    reader: Reader,
    post: Post,
    send: Callable[[], int],
    certificate: tuple[ssl.SSLContext, Path],
    monkeypatch: pytest.MonkeyPatch,
    login: str,
    is_known: bool,
    outcome: tuple[DeliveryState, str],
) -> None:
    context, public = certificate
    if is_known:
        monkeypatch.setenv("SSL_CERT_FILE", str(public))
    with running(post, context) as port:
        app.config["SMTP_URL"] = f"smtp://{login}@127.0.0.1:{port}"
        reader.told()
        send()
    ((state, _tries, problem),) = states(reader)
    assert (state, problem) == outcome
    assert all(post.secure)
