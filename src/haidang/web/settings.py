"""Django's settings, from the environment (`home`): what is not named here is Django's own choice."""

from __future__ import annotations

import os

from csp.constants import NONE, SELF

from haidang.web.home import database_settings, home_of, sqlite_settings

HOME = home_of(os.environ)

SECRET_KEY = HOME.secret
DEBUG = False
ALLOWED_HOSTS = list(HOME.hosts)
DATABASES = {
    "default": database_settings(HOME.database) if HOME.database else sqlite_settings(HOME.data),
    # Promises, indicators and targets, with a log of their own; on PostgreSQL tables beside the others, by a connection
    # of their own, so that a change of theirs is on the disk before the site says that it is.
    "records": database_settings(HOME.database) if HOME.database else sqlite_settings(HOME.data, "records.sqlite3"),
    # How often somebody asked lately: nothing that may not be lost, so on SQLite nothing waits for the disk.
    "counts": database_settings(HOME.database)
    if HOME.database
    else sqlite_settings(HOME.data, "counts.sqlite3", "OFF"),
}
DATABASE_ROUTERS = ["haidang.web.counts.router.CountsRouter", "haidang.web.desk.router.RecordsRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "haidang.web",  # first, so that its templates stand in for those of the libraries
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "django_htmx",
    "haidang.web.people",
    "haidang.web.city",
    "haidang.web.jobs",
    "haidang.web.ledger",
    "haidang.web.office",
    "haidang.web.api",
    "haidang.web.counts",
    "haidang.web.pilots",
    "haidang.web.lab",
    "haidang.track.store",
    "haidang.web.desk",
    "haidang.web.factories",
    "haidang.web.lending",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "haidang.web.ready.ReadyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "haidang.web.api.door.TokenMiddleware",
    "haidang.web.doorkeeper.AccessMiddleware",
    "haidang.web.nul.NulMiddleware",
]

ROOT_URLCONF = "haidang.web.urls"
WSGI_APPLICATION = "haidang.web.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "haidang.web.shell.shell",
            ],
            "builtins": ["haidang.web.templatetags.words"],
        },
    }
]

# Counts of logins and codes that were used, where all processes see them: with room, so that knocking from many
# addresses pushes none of them out.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "counts_cache",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}

# Vietnamese first. A page's address says its language, so a link can be sent on as it is.
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
    )
]
LOGIN_REDIRECT_URL = "city:glance"
LOGIN_URL = "account_login"

# Accounts are made by an administrator: an office knows whom it lets in.
ACCOUNT_ADAPTER = "haidang.web.people.adapter.ClosedAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    # The key of a password that failed is the account as one address knocks at it, so that nobody keeps out its owner,
    # who comes from another; of a code that failed it is the account alone.
    "login_failed": "10/m/ip,5/5m/key",
    "login_failed_everywhere": "300/h/key",  # far above what one address gets to: against guessing from many
    "reauthenticate": "10/m/user",
}
# Another house may say who somebody is; who has no account here gets none that way.
SOCIALACCOUNT_ADAPTER = "haidang.web.people.adapter.KnownPeopleAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_OPENID_CONNECT_URL_PREFIX = ""
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": []
        if HOME.provider is None
        else [
            {
                "provider_id": "house",
                "name": HOME.provider.name,
                "client_id": HOME.provider.client,
                "secret": HOME.provider.secret,
                "settings": {"server_url": HOME.provider.server},
            }
        ],
    }
}
MFA_ADAPTER = "haidang.web.people.adapter.SecondFactorAdapter"
MFA_FORMS = {"activate_totp": "haidang.web.people.second.ActivateForm"}
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Haidang"
MFA_TOTP_TOLERANCE = 1  # a code is typed in for a while, and clocks differ: one step, as RFC 6238 (5.2) has it

# Nothing comes from another machine, and no script or style stands in a page.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        # A form that begins a login elsewhere is sent on there.
        "form-action": [SELF] if HOME.provider is None else [SELF, HOME.provider.origin],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
FILE_UPLOAD_HANDLERS = [
    "haidang.web.uploads.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "haidang.web.refused.forged"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HOME.https
SECURE_HSTS_SECONDS = 31_536_000 if HOME.https else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HOME.https else None
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
