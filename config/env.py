"""Reading the environment: a value is right, or the site refuses to start and says why."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from psycopg_pool import ConnectionPool

YES: Final = frozenset({"1", "true", "yes", "on"})
NO: Final = frozenset({"", "0", "false", "no", "off"})


def read_dotenv(path: Path) -> None:
    """Take NAME=value lines from a .env file, where the environment does not say otherwise."""
    if not path.exists():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        name, separator, value = line.strip().partition("=")
        if separator and not name.startswith("#"):
            os.environ.setdefault(name.strip(), value.strip())


def text(name: str, default: str | None = None) -> str:
    """Return a variable.

    :raises ImproperlyConfigured: if it is missing and has no default
    """
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"{name} must be set.")
    return value


def flag(name: str, *, default: bool) -> bool:
    """Return a yes or no.

    :raises ImproperlyConfigured: if it is neither
    """
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() not in YES | NO:
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")
    return value.lower() in YES


def number(name: str, default: int, *, least: int = 0) -> int:
    """Return a whole number.

    :raises ImproperlyConfigured: if it is not one, or below the least
    """
    value = os.environ.get(name, str(default))
    if not value.isdecimal() or int(value) < least:
        raise ImproperlyConfigured(f"{name} must be a whole number of at least {least}, not {value!r}.")
    return int(value)


def names(name: str, default: str = "") -> list[str]:
    """Return a list written with commas."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def is_loopback(url: str) -> bool:
    """Return whether an address is this machine's own, which nobody else can reach."""
    return urlsplit(url).hostname in {"127.0.0.1", "::1"}


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    """Return one of the allowed words.

    :raises ImproperlyConfigured: if it is none of them
    """
    value = os.environ.get(name, default)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(allowed)}, not {value!r}.")
    return value


def secret(name: str, *, keep_in: Path | None, default: str | None = None) -> str:
    """Return a secret from NAME, or the file that NAME_FILE names, or the default.

    `keep_in` (development only) is the folder where a missing secret is made once and kept.

    :raises ImproperlyConfigured: if there is none, or it is empty
    """
    path = os.environ.get(f"{name}_FILE")
    value = Path(path).read_text(encoding="utf-8").strip() if path else os.environ.get(name, default)
    if value is None and keep_in is not None:
        value = _kept(keep_in / f"{name.lower()}.secret")
    if not value:
        raise ImproperlyConfigured(f"{name} or {name}_FILE must be set.")
    return value


def _kept(path: Path) -> str:
    """Return the secret in a file only its owner reads, made at the first call.

    The file is linked into place whole, so two processes that start together agree.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48), encoding="utf-8")
        _link_once(draft, path)
    return path.read_text(encoding="utf-8").strip()


def _link_once(draft: Path, path: Path) -> None:
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def database(url: str, *, pool: int) -> dict[str, object]:
    """Return Django's settings for a database URL: sqlite:///path or postgresql://…

    :raises ImproperlyConfigured: if the URL is of another kind
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(unquote(parts.path[1:]) or ":memory:")
    if parts.scheme in {"postgres", "postgresql"}:
        return _postgresql(url, pool)
    raise ImproperlyConfigured(f"DATABASE_URL must begin with sqlite:/// or postgresql://, not {url!r}.")


def _sqlite(path: str) -> dict[str, object]:
    """SQLite that keeps what it acknowledged: NORMAL would lose rows in a power cut.

    `recursive_triggers`: else INSERT OR REPLACE walks past the triggers that keep the record append-only.
    """
    pragmas = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON")
    command = " ".join(f"PRAGMA {pragma};" for pragma in pragmas)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 10, "init_command": command},
    }


def _postgresql(url: str, pool: int) -> dict[str, object]:
    """PostgreSQL through psycopg's pool: under ASGI a connection kept by a thread is lost with it.

    A server that is gone without a word is noticed within seconds. The pool would try again ever more rarely,
    and after a minute's outage be blind for another: here it tries each second for as long as it takes.
    """
    parts = urlsplit(url)
    name = unquote(parts.path[1:])
    sockets = parse_qs(parts.query).get("host", [""])[0]
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or sockets,
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0,
        "OPTIONS": {
            "pool": {
                "min_size": 1,
                "max_size": pool,
                "timeout": 10,
                "reconnect_timeout": 1,
                "reconnect_failed": _try_again,
            },
            "connect_timeout": 3,
            "tcp_user_timeout": 4000,  # ms that what was sent may stay unacknowledged
            "keepalives_idle": 4,
            "keepalives_interval": 2,
            "keepalives_count": 2,
        },
        "TEST": {"NAME": f"test_{name}"},
    }


def _try_again(pool: ConnectionPool[Any]) -> None:
    pool.check()
