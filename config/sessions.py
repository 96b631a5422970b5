"""Sessions in the database, asked only for keys that this site could have given out."""

from __future__ import annotations

import re
from typing import Final

from django.contrib.sessions.backends import db

KEY: Final = re.compile(r"[a-z0-9]{32}")  # as SessionBase._get_new_session_key makes them


class SessionStore(db.SessionStore):
    """Django's own, which would ask PostgreSQL for a key that holds NUL, and that is an error there."""

    def _validate_session_key(self, key: str | None) -> bool:
        return bool(key and KEY.fullmatch(key))
