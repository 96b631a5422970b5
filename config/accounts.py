"""How allauth is kept: the second factor's secret is sealed before it is stored."""

from __future__ import annotations

import base64
import hashlib

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings


class SealedMFA(DefaultMFAAdapter):
    """Stores TOTP secrets and recovery seeds encrypted; allauth's own adapter leaves them in clear."""

    def encrypt(self, text: str) -> str:
        """Return the text sealed under IDENTITY_KEY."""
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return what `encrypt` sealed."""
        return _fernet().decrypt(encrypted_text.encode()).decode()


def _fernet() -> Fernet:
    key = hashlib.sha256(b"second factor:" + settings.IDENTITY_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
