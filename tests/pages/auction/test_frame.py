"""The frame of every page: language, signing in, faults, and who is told what."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.support.people import judge_wu, lin

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

PLACES = ["/", "/how-it-works/", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"]


@pytest.mark.parametrize("path", PLACES)
def test_every_public_page_says_it_is_a_demonstration_and_where_money_goes(client: Client, path: str) -> None:
    text = client.get(path, headers={"accept-language": "en"}).content.decode()

    assert "Demonstration only" in text
    assert "法释〔2016〕18号第4条" in text
    assert (
        "Pay only into the court&#x27;s own account" in text
        or "Pay only into the court's own account" in text
    )


def test_chinese_is_spoken_unless_the_visitor_asks_otherwise(client: Client) -> None:
    assert '<html lang="zh-Hans">' in client.get("/").content.decode()

    client.post("/language/setlang/", {"language": "en", "next": "/"})

    assert '<html lang="en">' in client.get("/").content.decode()


def test_only_officers_are_led_to_the_desk(client: Client) -> None:
    client.force_login(lin())
    assert "Court desk" not in client.get("/", headers={"accept-language": "en"}).content.decode()

    client.force_login(judge_wu())
    assert "Court desk" in client.get("/", headers={"accept-language": "en"}).content.decode()


def test_no_page_needs_an_inline_script_or_style(client: Client) -> None:
    for path in PLACES:
        text = client.get(path).content.decode()

        assert "<style" not in text
        assert " style=" not in text
        assert text.count("<script") == text.count('<script type="module" src=')


def test_a_missing_page_leads_to_the_lots(client: Client) -> None:
    answer = client.get("/nowhere/", headers={"accept-language": "en"})

    assert answer.status_code == 404
    assert "Page not found" in answer.content.decode()
