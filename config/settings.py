"""The one settings file: the environment decides, and a wrong value refuses to start.

`DEBUG=1` (in `.env`, which `make run` writes) is development; without it every secret must be given.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from config import env
from config.log import brief

BASE_DIR: Final = Path(__file__).resolve().parent.parent
VAR_DIR: Final = BASE_DIR / "var"

env.read_dotenv(BASE_DIR / ".env")

DEBUG = env.flag("DEBUG", default=False)
KEEP_SECRETS_IN: Final = VAR_DIR if DEBUG else None
SECRET_KEY = env.secret("SECRET_KEY", keep_in=KEEP_SECRETS_IN)
IDENTITY_KEY = env.secret("IDENTITY_KEY", keep_in=KEEP_SECRETS_IN)
RECEIPT_KEY = env.secret("RECEIPT_KEY", keep_in=KEEP_SECRETS_IN)
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]" if DEBUG else "")
CSRF_TRUSTED_ORIGINS = env.names("CSRF_TRUSTED_ORIGINS")
SITE_URL = env.text("SITE_URL", "http://127.0.0.1:8000" if DEBUG else None)
# The production shape tried on one machine (`make cluster`): production in all but payments and mail.
TRIAL = env.flag("TRIAL", default=False)
if TRIAL and not env.is_loopback(SITE_URL):
    raise ImproperlyConfigured(
        "TRIAL=1 is for a site only this machine reaches: SITE_URL must be on 127.0.0.1."
    )

# Apps and the way of a request

INSTALLED_APPS = [
    "config",
    "enforcement",
    "auction",
    "viewing",
    "channels",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "config.middleware.security_headers",
    "config.middleware.StaticFiles",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# Where things are kept

DATABASES = {
    "default": env.database(
        env.text("DATABASE_URL", f"sqlite:///{VAR_DIR / 'db.sqlite3'}"),
        pool=env.number("DATABASE_POOL", 12, least=2),
    )
}
REDIS_URL = env.text("REDIS_URL", "")
REDIS_HOSTS = env.names("REDIS_URL")
CHANNEL_LAYERS: dict[str, dict[str, Any]]
CACHES: dict[str, dict[str, Any]]
if REDIS_HOSTS:
    # The pub/sub layer: channels' list-based Redis layer drops messages silently when a reader lags.
    # It hashes each round onto one of several servers; the cache would take those for copies: it has one.
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": REDIS_HOSTS},
        }
    }
    CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_HOSTS[0]}
    }
else:
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
MEDIA_ROOT = env.text("MEDIA_ROOT", str(VAR_DIR / "media"))
MEDIA_URL = "/media/"
DEMO_DIR: Final = BASE_DIR / "media" / "demo"

STATIC_URL = "/static/"
STATIC_ROOT = env.text("STATIC_ROOT", str(VAR_DIR / "static"))
# What esbuild made and the drawings; the sources it read (static/js, static/css) are not served.
STATICFILES_DIRS = [(name, BASE_DIR / "static" / name) for name in ("dist", "img")]
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False
MANIFEST: Final = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
PLAIN: Final = "django.contrib.staticfiles.storage.StaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": PLAIN if DEBUG else MANIFEST},
}

# People and how they sign in

AUTH_USER_MODEL = "auction.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
MFA_ADAPTER = "config.accounts.SealedMFA"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Judicial auction"
OFFICERS_NEED_TOTP = env.flag("OFFICERS_NEED_TOTP", default=not DEBUG)
EMAIL_BACKEND = f"django.core.mail.backends.{'console' if DEBUG or TRIAL else 'smtp'}.EmailBackend"

# Safety on the wire

SESSION_ENGINE = "config.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"  # "Strict" would lose the session on the way back from the payment page
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = not DEBUG
SECURE_HSTS_SECONDS = 0 if DEBUG else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEBUG
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_PROXY", default=False) else None
)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2**20

# Payments: a key of Stripe's goes to Stripe itself; any other key is the local fake's and needs its address.

STRIPE_SECRET_KEY = env.secret("STRIPE_SECRET_KEY", keep_in=None, default="fake_key" if DEBUG else None)
STRIPE_WEBHOOK_SECRET = env.secret(
    "STRIPE_WEBHOOK_SECRET", keep_in=None, default="whsec_local" if DEBUG else None
)
STRIPE_API_BASE = env.text("STRIPE_API_BASE", "")
if STRIPE_SECRET_KEY.startswith(("sk_test_", "sk_live_")):
    if STRIPE_API_BASE:
        raise ImproperlyConfigured("STRIPE_API_BASE must not be set with a key of Stripe's own.")
elif not DEBUG and not TRIAL:
    raise ImproperlyConfigured("STRIPE_SECRET_KEY must begin with sk_test_ or sk_live_.")
else:
    STRIPE_API_BASE = STRIPE_API_BASE or "http://127.0.0.1:12111"

# Language and time

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]  # each in its own words
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
PLATFORM_CLOCK = env.text("PLATFORM_CLOCK", "")
if PLATFORM_CLOCK and not DEBUG:
    raise ImproperlyConfigured("PLATFORM_CLOCK sets the clock by hand and is for development and tests only.")

# Fairness: a round is closed only if the public address answered to the end (auction.rules.fairness). A clock
# set by hand makes hours of seconds, of which no probe can know.

PROBE_URL = env.text("PROBE_URL", SITE_URL)
FAIR_CLOSE_GATE = env.flag("FAIR_CLOSE_GATE", default=not PLATFORM_CLOCK)
if not FAIR_CLOSE_GATE and not DEBUG:
    raise ImproperlyConfigured(
        "FAIR_CLOSE_GATE=0 closes rounds nobody could reach: development and tests only."
    )

# Law: whether "days before" counts neither the day of publication nor that of the event (auction.rules.terms)

CLEAR_DAYS = env.flag("CLEAR_DAYS", default=True)

# Bidding: how many bids a person may make in a round each second; four seconds' worth may come at once

BIDS_A_SECOND = env.number("BIDS_A_SECOND", 5, least=1)

# The transparency log: its name, where its files are served from, and the process that signs it and keeps the
# vault of identities. Without a socket (development) nothing is signed, and IDENTITY_KEY opens all seals. The
# signer's folder belongs to the signer's own user; the site never opens it.

LOG_ORIGIN = env.text("LOG_ORIGIN", f"{urlsplit(SITE_URL).netloc}/log")
LOG_DIR = env.text("LOG_DIR", str(VAR_DIR / "log"))
SIGNER_SOCKET = env.text("SIGNER_SOCKET", "")
SIGNER_DIR = env.text("SIGNER_DIR", str(VAR_DIR / "signer"))
if not SIGNER_SOCKET and not DEBUG:
    raise ImproperlyConfigured(
        "SIGNER_SOCKET must be set: without the signer's vault IDENTITY_KEY opens every identity."
    )
# What every receipt promises: how many seconds after a bid its leaf is under a signed checkpoint.
LOG_WITHIN_S = env.number("LOG_WITHIN_S", 60, least=1)
# A file of the public keys that signed receipts before RECEIPT_KEY (docs/log.md). Empty: there are none.
FORMER_RECEIPT_KEYS = env.text("FORMER_RECEIPT_KEYS", "")
# A policy file (c2sp.org/tlog-policy): which witnesses are asked to cosign, and how many must. Empty: none.
WITNESSES = env.text("WITNESSES", "")
# Where a time-stamping authority (RFC 3161) is asked for a token over every close. Empty: nobody is.
TIMESTAMP_URL = env.text("TIMESTAMP_URL", "")

# Log

LOG_LEVEL = env.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"brief": {"()": "django.utils.log.CallbackFilter", "callback": brief}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["brief"]}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {"django": {"level": "INFO" if LOG_LEVEL == "DEBUG" else LOG_LEVEL}},
}
