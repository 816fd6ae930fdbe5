"""The portal's own seal on a finished PDF: one PAdES signature, added at its end.

The document's bytes stay as they are and the seal comes after them, so that what made it archivable
and accessible is not touched.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import HTTPTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from evidence.self_signed import kept_certificate

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

FIELD = "Segl"
WARN_BEFORE = dt.timedelta(days=60)
TIMESTAMP_SECONDS = 5
"""A service that hangs holds a worker no longer than this; the sweep comes back."""
RESERVED = 16 * 1024
"""Bytes for the signature, its certificates and a time stamp: said, so that nothing is signed
once more only to be measured."""


@dataclass(frozen=True)
class Seal:
    """A certificate, its key, and where time comes from if it does not come from our own clock."""

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    key: Key
    timestamp_url: str = ""

    @property
    def name(self) -> str:
        names = self.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return str(names[0].value) if names else self.certificate.subject.rfc4514_string()

    @property
    def fingerprint(self) -> str:
        return self.certificate.fingerprint(hashes.SHA256()).hex()

    @property
    def expires_at(self) -> dt.datetime:
        return self.certificate.not_valid_after_utc

    @property
    def is_self_signed(self) -> bool:
        return self.certificate.issuer == self.certificate.subject

    def holds_at(self, now: dt.datetime) -> bool:
        return self.certificate.not_valid_before_utc <= now <= self.expires_at

    def expires_soon(self, now: dt.datetime) -> bool:
        return now > self.expires_at - WARN_BEFORE


class CannotSeal(Exception):
    """The certificate does not hold today, or the time stamp service did not answer."""


def find_seal() -> Seal | None:
    """The seal that the settings name; None for a portal without one.

    Raises ImproperlyConfigured when it is half named, or cannot be read.
    """
    certificate, key = settings.SEAL_CERTIFICATE, settings.SEAL_KEY
    if bool(certificate) != bool(key):
        raise ImproperlyConfigured("SEAL_CERTIFICATE and SEAL_KEY go together: one is missing.")
    if not certificate:
        if not settings.SEAL_SELF_SIGNED_DIR:
            return None
        certificate = key = str(kept_certificate(Path(settings.SEAL_SELF_SIGNED_DIR)))
    return _read(certificate, key, settings.SEAL_KEY_PASSPHRASE, settings.SEAL_TIMESTAMP_URL)


@cache
def _read(certificate: str, key: str, passphrase: str, timestamp_url: str) -> Seal:
    """Read once a process: checking a key takes longer than sealing with it."""
    try:
        own, *chain = x509.load_pem_x509_certificates(Path(certificate).read_bytes())
        private = load_pem_private_key(Path(key).read_bytes(), passphrase.encode() or None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise ImproperlyConfigured(f"The seal cannot be read: {error}") from error
    if not isinstance(private, Key):
        raise ImproperlyConfigured("The seal's key is neither RSA nor an elliptic curve's.")
    if _public(private.public_key()) != _public(own.public_key()):
        raise ImproperlyConfigured("The seal's key is not its certificate's.")
    return Seal(own, tuple(chain), private, timestamp_url)


def _public(key: Any) -> bytes:
    encoded: bytes = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return encoded


def seal_pdf(pdf: bytes, seal: Seal, *, now: dt.datetime) -> bytes:
    """The same bytes with the seal after them. Nobody may add to it: the seal says so itself.

    Raises CannotSeal rather than sealing with an expired certificate, or with our own clock where
    a time stamp service is named.
    """
    if not seal.holds_at(now):
        raise CannotSeal(f"The seal's certificate holds until {seal.expires_at:%Y-%m-%d}.")
    try:
        return _outside_any_loop(lambda: _signed(pdf, seal))
    except Exception as error:  # of many kinds, down to a socket's
        raise CannotSeal(f"The document could not be sealed: {error}") from error


def _signed(pdf: bytes, seal: Seal) -> bytes:
    stamper = HTTPTimeStamper(seal.timestamp_url, timeout=TIMESTAMP_SECONDS)
    sealed: io.BytesIO = signers.sign_pdf(
        _Writer(io.BytesIO(pdf)),
        _metadata(seal),
        signer=_Signer(seal),
        timestamper=stamper if seal.timestamp_url else None,
        new_field_spec=_field(),
        bytes_reserved=RESERVED,
    )
    return sealed.getvalue()


def _outside_any_loop(sign: Callable[[], bytes]) -> bytes:
    """Answer with what is signed, in a thread of its own where this one has an event loop.

    The library begins a loop itself, and a thread may have one alone.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return sign()
    with ThreadPoolExecutor(max_workers=1) as apart:
        return apart.submit(sign).result()


def _metadata(seal: Seal) -> signers.PdfSignatureMetadata:
    return signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        name=seal.name,
        reason="Forseglet av Lederportalen",
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
    )


def _field() -> fields.SigFieldSpec:
    """Without a place on the page: what a reader sees stands in the document itself.

    PDF/UA wants an untagged field hidden or outside the page, and PDF/A forbids the first.
    """
    return fields.SigFieldSpec(
        FIELD,
        readable_field_name="Lederportalens segl",
        invis_sig_settings=fields.InvisSigSettings(box_out_of_bounds=True),
    )


class _Writer(IncrementalPdfFileWriter):  # type: ignore[misc, unused-ignore]
    """Leaves the document's metadata alone.

    The library would write its own name and the time into them, and in doing so lay out anew the
    XMP that says which standards the document keeps to.
    """

    def _update_meta(self) -> None:
        return


class _Signer(signers.SimpleSigner):  # type: ignore[misc, unused-ignore]
    """Signs with the key as it was read: the library reads and checks it for each signature."""

    def __init__(self, seal: Seal) -> None:
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register_multiple([_asn1(one) for one in seal.chain])
        private = seal.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        super().__init__(
            signing_cert=_asn1(seal.certificate),
            signing_key=asn1_keys.PrivateKeyInfo.load(private),
            cert_registry=store,
        )
        self.seal = seal

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        algorithm = {"sha256": hashes.SHA256()}[digest_algorithm]
        if isinstance(self.seal.key, rsa.RSAPrivateKey):
            return self.seal.key.sign(data, padding.PKCS1v15(), algorithm)
        return self.seal.key.sign(data, ec.ECDSA(algorithm))


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
