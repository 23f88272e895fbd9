"""A provider of logins of its own: allauth's OpenID Connect identity provider, served in a process beside the site.

    python -m tests.web.provider FOLDER PORT < told.json

`told.json` names the house that may ask (`client`, `secret`, `redirects`) and the people (`password`, `people`: each
an address and whether it is proven). Whoever logs in here types a password into the provider's own page and agrees.
"""

from __future__ import annotations

import json
import secrets
import sys
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application


def settle(folder: Path) -> None:
    """Django's settings for a provider that keeps its people in a folder."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    settings.configure(
        SECRET_KEY=secrets.token_urlsafe(50),
        ALLOWED_HOSTS=["localhost"],
        ROOT_URLCONF="tests.web.provider_urls",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "provider.sqlite3"}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        INSTALLED_APPS=[
            "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions",
            "django.contrib.messages", "allauth", "allauth.account", "allauth.idp.oidc",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "allauth.account.middleware.AccountMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
        AUTHENTICATION_BACKENDS=["allauth.account.auth_backends.AuthenticationBackend"],
        LOGIN_URL="/account/login/",
        ACCOUNT_LOGIN_METHODS={"email"},
        ACCOUNT_EMAIL_VERIFICATION="none",
        SESSION_COOKIE_NAME="provider_session",
        CSRF_COOKIE_NAME="provider_csrf",
        IDP_OIDC_PRIVATE_KEY=pem,
        USE_TZ=True,
    )  # fmt: skip
    django.setup()
    call_command("migrate", verbosity=0)


def fill(told: dict[str, Any]) -> None:
    """Note the house that may ask, and the people who are known."""
    from allauth.account.models import EmailAddress
    from allauth.idp.oidc.models import Client
    from django.contrib.auth.models import User

    house = Client(id=told["client"], name="Haidang", scopes="openid\nprofile\nemail")
    house.set_secret(told["secret"])
    house.set_redirect_uris(told["redirects"])
    house.save()
    for address, proven in told["people"]:
        person = User.objects.create_user(address, address, told["password"])
        EmailAddress.objects.create(user=person, email=address, verified=proven, primary=True)


class _Server(ThreadingMixIn, WSGIServer):
    """A browser keeps a connection open while the house asks for the token."""

    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """A test's output holds what the test says."""


def serve(folder: Path, port: int, told: dict[str, Any]) -> None:
    """Answer until told to stop."""
    settle(folder)
    fill(told)
    make_server("localhost", port, get_wsgi_application(), _Server, _Quiet).serve_forever()


if __name__ == "__main__":
    serve(Path(sys.argv[1]), int(sys.argv[2]), json.load(sys.stdin))
