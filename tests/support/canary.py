"""Bidders with unmistakable names, and all that a running site emits, gathered to be searched for them."""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit

import httpx
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection

from auction.models import Deposit, Notice, Person, Round
from config.demo.people import natural_number
from config.sessions import SessionStore
from tests.support import money
from tests.support.addresses import paths
from tests.support.site import Site
from tests.support.world import signed_in

Piece = tuple[str, str]
"""Where something was found, and what it says."""

ACCOUNTS: Final = {"auction_person", "account_emailaddress"}
"""Tables where a person's own account is kept: user name, e-mail and phone, in clear."""


@dataclass(frozen=True)
class Canary:
    """A bidder whose every trait would be recognised anywhere."""

    login: str
    name: str
    number: str
    phone: str

    @property
    def email(self) -> str:
        """Return the address, which has nothing in common with the login."""
        return f"vogel.{self.phone[-4:]}@kanarienbauer.example"

    def traces(self) -> tuple[str, ...]:
        """Return what may be found nowhere before the end: whole, and the parts that give it away."""
        return (self.name, self.name[2:], self.number, self.number[6:], self.phone, self.email, self.login)

    def person(self) -> Person:
        """Return the account, made at the first call."""
        found = Person.objects.filter(username=self.login).first()
        return found or Person.objects.create_user(self.login, self.email, "it sings", phone=self.phone)


CANARIES: Final = (
    Canary("goldkehlchen", "欧阳金丝雀", natural_number(771), "13900777101"),
    Canary("zeisigmann", "司徒黄雀儿", natural_number(772), "13900777202"),
    Canary("stieglitzin", "诸葛朱雀子", natural_number(773), "13900777303"),
)


@contextmanager
def browser(site: Site, session: str = "") -> Iterator[httpx.Client]:
    """Give a browser, signed in by a session."""
    cookies = {"sessionid": session} if session else {}
    with httpx.Client(base_url=site.base_url, cookies=cookies, timeout=30) as client:
        yield client


def send(client: httpx.Client, page: str, **given: Any) -> httpx.Response:
    """Fill in the form of a page and send it."""
    client.get(page)
    data = {"csrfmiddlewaretoken": client.cookies["csrftoken"], **given.pop("data", {})}
    return client.post(page, data=data, **given)


def take_part(site: Site, round: Round, canaries: Iterable[Canary]) -> None:
    """Let canaries prove their names and register by the pages, as bidders do."""
    read = list(
        Notice.objects.filter(lot=round.lot, kind=Notice.Kind.WARNING).values_list("digest", flat=True)
    )
    for one in canaries:
        with browser(site, signed_in(one.person())) as client:
            proof = {"kind": "natural", "name": one.name, "number": one.number}
            assert send(client, "/mine/real-name/", data=proof).status_code == 302
            assert send(client, f"/rounds/{round.pk}/register/", data={"read": read}).status_code == 302


def pay_by_bank(site: Site, officer: Person) -> Piece:
    """Let the deposits come to the court's account by a statement that names the payers."""
    codes = list(Deposit.objects.order_by("pk").values_list("remittance_code", flat=True))
    who = zip(CANARIES, codes, strict=True)
    lines = [(f"B{number}", "3500.00", one.name, code) for number, (one, code) in enumerate(who)]
    with browser(site, signed_in(officer)) as client:
        files = {"file": ("statement.csv", money.statement(*lines), "text/csv")}
        answer = send(client, "/officer/account/", files=files)
    assert answer.status_code == 200
    return "the officer's answer", answer.text


def pages(site: Site, role: str, person: Person | None) -> Iterator[Piece]:
    """Yield every page that a role is shown, with the headers."""
    with browser(site, signed_in(person) if person else "") as client:
        for path in paths():
            answer = client.get(path)
            if answer.status_code == 200:
                yield f"{role}: {path}", f"{answer.headers}{answer.text}"


def rows() -> Iterator[Piece]:
    """Yield every row of every table, bytes as the text they hold."""
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
            for row in cursor.fetchall():
                yield model._meta.db_table, " ".join(map(_shown, row))
    for session in Session.objects.all():
        yield "the sessions", str(SessionStore().decode(session.session_data))


def files(site: Site) -> Iterator[Piece]:
    """Yield every file the site keeps, logs and tiles and the vault's journal too, but not the bank's own."""
    for path in sorted(site.folder.rglob("*")):
        if path.is_file() and "fake_stripe" not in path.name:
            yield str(path.relative_to(site.folder)), path.read_bytes().decode("utf-8", "replace")


def command_lines(site: Site) -> Iterator[Piece]:
    """Yield the words and the environment of every process of the site."""
    groups = {part.pid for part in site.parts.values()}
    for folder in Path("/proc").iterdir():
        with suppress(OSError, ValueError):
            if os.getpgid(int(folder.name)) in groups:
                said = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
                yield f"process {folder.name}", said.decode("utf-8", "replace")


@contextmanager
def overheard(url: str) -> Iterator[bytearray]:
    """Hear every command that Redis is given meanwhile: cache keys and values, and all that is published."""
    place, heard = urlsplit(url), bytearray()
    with socket.create_connection((place.hostname or "", place.port or 6379)) as line:
        line.sendall(b"MONITOR\r\n")
        listening = threading.Thread(target=_listen, args=(line, heard))
        listening.start()
        try:
            yield heard
        finally:
            line.shutdown(socket.SHUT_RDWR)
            listening.join()


def _listen(line: socket.socket, heard: bytearray) -> None:
    while some := line.recv(1 << 16):
        heard += some


def found(pieces: Iterable[Piece], canaries: Iterable[Canary] = CANARIES) -> set[tuple[str, str]]:
    """Return where which trace was found, in whatever way it was written there."""
    forms = [(trace, form) for one in canaries for trace in one.traces() for form in _written(trace)]
    return {(where, trace) for where, text in pieces for trace, form in forms if form in text}


def _written(trace: str) -> set[str]:
    """Return the ways a text is written: plain, in JSON, in an address, as Redis and Python show bytes."""
    shown = repr(trace.encode())[2:-1]
    return {trace, json.dumps(trace)[1:-1], quote(trace), shown}


def _shown(value: object) -> str:
    return bytes(value).decode("utf-8", "replace") if isinstance(value, bytes | memoryview) else str(value)
