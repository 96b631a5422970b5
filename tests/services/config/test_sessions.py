"""A session is asked for only by a key this site could have given out."""

from __future__ import annotations

import pytest
from django.test import Client

from config.sessions import SessionStore
from tests.support.people import lin

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "key", ["", "x" * 31, "x" * 33, "\0" + "x" * 31, "X" * 32, "ü" * 32, "x" * 32 + "\n"]
)
def test_a_key_of_another_form_is_no_session(key: str) -> None:
    assert SessionStore(key).session_key is None


def test_the_own_keys_are_known_again() -> None:
    fresh = SessionStore()
    fresh["for"] = "lin"
    fresh.create()

    assert SessionStore(fresh.session_key)["for"] == "lin"


def test_a_cookie_with_nul_is_nobody(client: Client) -> None:
    client.cookies["sessionid"] = "\0bcdefgh"

    assert client.get("/mine/").status_code == 302


def test_who_signs_in_gets_such_a_key(client: Client) -> None:
    client.force_login(lin())

    assert SessionStore(client.cookies["sessionid"].value).exists(client.cookies["sessionid"].value)
