"""Production refuses to start half-configured, and the demo can't be let in there."""

import runpy

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal.settings import base

COMPLETE = {
    "DATABASE_URL": "postgres://portal:secret@db.example.org:5432/portal",
    "REDIS_URL": "redis://cache.example.org:6379/0",
    "EMAIL_URL": "submission://portal:pa%20ss@mail.example.org:587",
    "SECRET_KEY": "s" * 60,
    "ALLOWED_HOSTS": "leder.example.org,intern.example.org",
    "SITE_URL": "https://leder.example.org/",
    "DEFAULT_FROM_EMAIL": "Lederportalen <leder@example.org>",
}
OPTIONAL = ("DEMO", "TRUSTED_PROXY_HEADER", "SECURE_SSL_REDIRECT", "VAR_DIR", "PORT", "HOST")


def settings(monkeypatch, module, **environment):
    for name in (*COMPLETE, *OPTIONAL):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, str(value))
    return runpy.run_module(f"portal.settings.{module}")


def test_production_starts_with_all_it_needs(monkeypatch):
    found = settings(monkeypatch, "production", **COMPLETE)
    database = found["DATABASES"]["default"]
    assert (database["HOST"], database["NAME"]) == ("db.example.org", "portal")
    assert found["CELERY_BROKER_URL"] == COMPLETE["REDIS_URL"]
    assert found["CACHES"]["default"]["LOCATION"] == COMPLETE["REDIS_URL"]
    assert found["ALLOWED_HOSTS"] == ["leder.example.org", "intern.example.org"]
    assert found["SITE_URL"] == "https://leder.example.org"
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"]) == ("mail.example.org", 587)
    assert (found["EMAIL_HOST_PASSWORD"], found["EMAIL_USE_TLS"]) == ("pa ss", True)
    assert (found["DEBUG"], found["DEMO"]) == (False, False)
    assert found["SECOND_FACTOR_REQUIRED"] is True


def test_production_names_all_that_is_missing_at_once(monkeypatch):
    with pytest.raises(ImproperlyConfigured) as told:
        settings(monkeypatch, "production")
    assert str(told.value) == (
        "The portal cannot start before the environment says DATABASE_URL, REDIS_URL, EMAIL_URL, "
        "SECRET_KEY, ALLOWED_HOSTS, SITE_URL, DEFAULT_FROM_EMAIL."
    )


@pytest.mark.parametrize("name", COMPLETE)
def test_production_names_the_one_that_is_missing_or_blank(monkeypatch, name):
    with pytest.raises(ImproperlyConfigured) as told:
        settings(monkeypatch, "production", **COMPLETE | {name: " "})
    assert str(told.value) == f"The portal cannot start before the environment says {name}."


def test_production_refuses_the_demo(monkeypatch):
    with pytest.raises(ImproperlyConfigured, match="DEMO"):
        settings(monkeypatch, "production", **COMPLETE, DEMO="1")


def test_production_refuses_an_address_without_tls(monkeypatch):
    with pytest.raises(ImproperlyConfigured, match="https://"):
        settings(monkeypatch, "production", **COMPLETE | {"SITE_URL": "http://leder.example.org"})


def test_production_refuses_a_provider_without_tls(monkeypatch):
    monkeypatch.setattr(base, "OIDC_SERVER_URL", "https://login.example.org/tenant/v2.0")
    settings(monkeypatch, "production", **COMPLETE)
    monkeypatch.setattr(base, "OIDC_SERVER_URL", "http://login.example.org/tenant/v2.0")
    with pytest.raises(ImproperlyConfigured, match="OIDC_SERVER_URL must begin with https://"):
        settings(monkeypatch, "production", **COMPLETE)


def test_production_trusts_no_proxy_header_until_told_which(monkeypatch):
    assert "SECURE_PROXY_SSL_HEADER" not in settings(monkeypatch, "production", **COMPLETE)
    told = settings(monkeypatch, "production", **COMPLETE, TRUSTED_PROXY_HEADER="X-Forwarded-Proto")
    assert told["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")


def test_local_uses_the_embedded_servers_when_none_are_named(monkeypatch, tmp_path):
    found = settings(monkeypatch, "local")
    assert found["DATABASES"]["default"]["HOST"] == str(found["EMBEDDED"].postgres_socket_dir)
    assert found["CELERY_BROKER_URL"].startswith("redis+socket://")
    assert found["EMAIL_BACKEND"] == "django.core.mail.backends.filebased.EmailBackend"
    assert (found["DEMO"], found["DEBUG"]) == (True, False)


def test_local_uses_the_servers_that_are_named(monkeypatch):
    names = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL")
    found = settings(monkeypatch, "local", **{name: COMPLETE[name] for name in names})
    assert found["DATABASES"]["default"]["HOST"] == "db.example.org"
    assert found["CELERY_BROKER_URL"] == COMPLETE["REDIS_URL"]
    assert found["EMAIL_HOST"] == "mail.example.org"


def test_local_keeps_its_secret_between_starts(monkeypatch):
    first = settings(monkeypatch, "local")
    assert settings(monkeypatch, "local")["SECRET_KEY"] == first["SECRET_KEY"]
    secret = first["VAR_DIR"] / "secret_key"
    assert secret.read_text() == first["SECRET_KEY"]
    assert secret.stat().st_mode & 0o777 == 0o600


def test_local_address_follows_the_port(monkeypatch):
    assert settings(monkeypatch, "local", PORT="8123")["SITE_URL"] == "http://localhost:8123"
