"""Reading a seal from files, and sealing with what is there; time stamps come over HTTP."""

from __future__ import annotations

import asyncio
import datetime as dt
import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.core.exceptions import ImproperlyConfigured
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from evidence import seal
from evidence.seal import find_seal, seal_pdf
from evidence.seal_reading import read_seal
from evidence.self_signed import kept_certificate, make_certificate
from evidence.typst import compile_pdf
from tests import clock

YEAR = dt.timedelta(days=365)


@pytest.fixture
def pdf(tmp_path: Path) -> bytes:
    template = tmp_path / "page.typ"
    template.write_text('#set document(title: "Prøve")\n#set text(lang: "nb")\n= Prøve')
    return compile_pdf(template, {}, made_at=clock.now())


def certificate(key: Any, *, is_for_time: bool = False) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Solvik kommune")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(clock.now() - YEAR)
        .not_valid_after(clock.now() + YEAR)
    )
    if is_for_time:
        purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(purpose, critical=True)
    return builder.sign(
        key, None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    )


def name_files(settings: Any, folder: Path, key: Any, *, passphrase: str = "") -> None:
    hidden = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, hidden)
    (folder / "key.pem").write_bytes(private)
    (folder / "certificate.pem").write_bytes(certificate(key).public_bytes(Encoding.PEM))
    settings.SEAL_CERTIFICATE = str(folder / "certificate.pem")
    settings.SEAL_KEY = str(folder / "key.pem")
    settings.SEAL_KEY_PASSPHRASE = passphrase


def status(sealed: bytes, *roots: x509.Certificate) -> Any:
    (signature,) = PdfFileReader(io.BytesIO(sealed)).embedded_signatures
    trusted = ValidationContext(trust_roots=[seal._asn1(root) for root in roots])
    return validate_pdf_signature(signature, trusted)


def test_an_elliptic_key_behind_a_passphrase_seals(
    pdf: bytes, settings: Any, tmp_path: Path
) -> None:
    name_files(settings, tmp_path, ec.generate_private_key(ec.SECP256R1()), passphrase="hemmelig")
    known = find_seal()
    assert known is not None
    sealed = seal_pdf(pdf, known, now=clock.now())
    answer = status(sealed, known.certificate)
    assert (answer.intact, answer.valid) == (True, True)
    reading = read_seal(sealed)
    assert reading is not None
    assert (reading.is_unchanged, reading.fingerprint) == (True, known.fingerprint)
    assert known.name == "Solvik kommune"


def test_it_seals_where_an_event_loop_runs_too(pdf: bytes, settings: Any, tmp_path: Path) -> None:
    """The library begins a loop of its own, and a thread may have one alone."""
    name_files(settings, tmp_path, ec.generate_private_key(ec.SECP256R1()))
    known = find_seal()
    assert known is not None

    async def seal_in_a_loop() -> bytes:
        return seal_pdf(pdf, known, now=clock.now())

    reading = read_seal(asyncio.run(seal_in_a_loop()))
    assert reading is not None
    assert reading.is_unchanged


@pytest.mark.parametrize("passphrase", ["", "feil"])
def test_a_wrong_passphrase_is_said_when_the_seal_is_read(
    settings: Any, tmp_path: Path, passphrase: str
) -> None:
    name_files(settings, tmp_path, ec.generate_private_key(ec.SECP256R1()), passphrase="hemmelig")
    settings.SEAL_KEY_PASSPHRASE = passphrase
    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        find_seal()


def test_a_key_of_a_kind_that_archives_do_not_know_is_refused(
    settings: Any, tmp_path: Path
) -> None:
    name_files(settings, tmp_path, ed25519.Ed25519PrivateKey.generate())
    with pytest.raises(ImproperlyConfigured, match="neither RSA nor"):
        find_seal()


def test_a_self_signed_certificate_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = kept_certificate(tmp_path / "seal")
    made = path.read_bytes()
    assert kept_certificate(tmp_path / "seal").read_bytes() == made
    assert [one.name for one in (tmp_path / "seal").iterdir()] == ["seal.pem"]
    assert path.stat().st_mode & 0o077 == 0


def test_of_two_who_make_a_certificate_at_once_one_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other's is there by the time this one is made."""
    others = make_certificate(clock.now())

    def slow(now: dt.datetime) -> bytes:
        (tmp_path / "seal.pem").write_bytes(others)
        return make_certificate(now)

    monkeypatch.setattr("evidence.self_signed.make_certificate", slow)
    assert kept_certificate(tmp_path).read_bytes() == others
    assert [one.name for one in tmp_path.iterdir()] == ["seal.pem"]


# Time from somebody else


@contextmanager
def time_stamp_service(key: rsa.RSAPrivateKey, own: x509.Certificate) -> Iterator[str]:
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    stamper = DummyTimeStamper(seal._asn1(own), asn1_keys.PrivateKeyInfo.load(private))

    class Service(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            answer = stamper.request_tsa_response(asked).dump()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args: Any) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def test_a_time_stamp_is_in_the_seal_and_holds(pdf: bytes, settings: Any, tmp_path: Path) -> None:
    key = load_pem_private_key(make_certificate(clock.now()), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    stamper = certificate(key, is_for_time=True)
    with time_stamp_service(key, stamper) as url:
        settings.SEAL_TIMESTAMP_URL = url
        known = find_seal()
        assert known is not None
        sealed = seal_pdf(pdf, known, now=clock.now())
    answer = status(sealed, known.certificate, stamper)
    stamp = answer.timestamp_validity
    assert (stamp.intact, stamp.valid, stamp.trusted) == (True, True, True)
    assert abs(stamp.timestamp - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=5)
    reading = read_seal(sealed)
    assert reading is not None
    assert reading.is_unchanged
