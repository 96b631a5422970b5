"""Malformed requests from a seed: to where bids come by HTTP, to what anyone may read, and to nowhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Final

from tests.faults.abuse.frames import KEY, WRONG
from tests.faults.abuse.house import House

REFUSED: Final = frozenset({400, 403, 404, 405, 408, 411, 413, 414, 431, 501})
LEFT: Final = frozenset({302})  # a plain form goes back to the lot, or to the log-in
NOTHING: Final = 0  # the connection ended without an answer


@dataclass(frozen=True)
class Knock:
    """A request as bytes, and the statuses it may be answered with."""

    data: bytes
    kind: str
    statuses: frozenset[int]


@dataclass(frozen=True)
class Address:
    """Where and as whom to ask."""

    port: int
    bids: str
    cookie: str
    token: str


def address(house: House, who: str) -> Address:
    """Return where this person bids."""
    token = house.token(who)
    cookie = f"{house.cookie(who)}; csrftoken={token}"
    return Address(house.port, f"/rounds/{house.round.pk}/bids", cookie, token)


def knock(at: Address, seed: int, number: int) -> Knock:
    """Return the request of this number: the same for the same seed and address."""
    random = Random(f"{seed}:{number}")
    kind = random.choice(list(KINDS))
    make, statuses = KINDS[kind]
    return Knock(make(random, at), kind, statuses)


def post(at: Address, body: bytes, *, path: str = "", method: str = "POST", **headers: str) -> bytes:
    """Return a whole request with a body; a header of no text is left out."""
    given = {
        "Host": f"127.0.0.1:{at.port}",
        "Origin": f"http://127.0.0.1:{at.port}",
        "Cookie": at.cookie,
        "X-CSRFToken": at.token,
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "Connection": "close",
        **{name.replace("_", "-"): text for name, text in headers.items()},
    }
    lines = [f"{name}: {text}" for name, text in given.items() if text]
    head = "\r\n".join((f"{method} {path or at.bids} HTTP/1.1", *lines, "", ""))
    return head.encode("latin-1") + body


def _json(random: Random, at: Address) -> bytes:
    """A bid that is none."""
    wrong = random.choice(WRONG)
    bodies = (
        f'{{"key":{wrong},"amount":1}}',
        f'{{"key":"{KEY}","amount":{wrong}}}',
        f'{{"key":"{KEY}","amount":1,"amount":2}}',
        f'{{"key":"{KEY}","amount":1,"more":{wrong}}}',
        "[" * random.choice((10, 4000, 100_000)),
        '{"a":' * 100_000,
        wrong,
        "",
    )
    return post(at, random.choice(bodies).encode())


def _bytes(random: Random, at: Address) -> bytes:
    return post(at, random.randbytes(random.randrange(6000)))


def _long(random: Random, at: Address) -> bytes:
    body = f'{{"key":"{KEY}","amount":1{" " * random.choice((4096, 70_000, 2**20))}}}'
    return post(at, body.encode())


def _huge(random: Random, at: Address) -> bytes:
    """A body larger than any form."""
    if random.random() < 0.5:
        return post(at, b" " * (6 * 2**20))
    chunk = b"%x\r\n%s\r\n" % (2**20, b" " * 2**20)
    return post(at, chunk * 6, Content_Length="", Transfer_Encoding="chunked")


def _method(random: Random, at: Address) -> bytes:
    return post(
        at, b"", method=random.choice(("GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "BID", "bid"))
    )


def _unproven(random: Random, at: Address) -> bytes:
    """A post without a token, with a wrong one, from elsewhere, or without a cookie."""
    wrong = random.choice(
        (
            {"X_CSRFToken": ""},
            {"X_CSRFToken": "x" * 64},
            {"Origin": "https://elsewhere.example"},
            {"Origin": "null"},
            {"Cookie": ""},
        )
    )
    return post(at, f'{{"key":"{KEY}","amount":1}}'.encode(), **wrong)


def _cookie(random: Random, at: Address) -> bytes:
    """A session key no store has: with signs that some databases refuse."""
    odd = random.choice(('"\\000abcdefgh"', "\xff" * 40, "x" * 4000, '"\\303\\050"', "", "'; --"))
    token = f"csrftoken={at.token}"
    return post(at, f'{{"key":"{KEY}","amount":1}}'.encode(), Cookie=f"sessionid={odd}; {token}")


def _form(random: Random, at: Address) -> bytes:
    """The plain form, with an amount or key that is none."""
    amount = random.choice(
        ("", "-1", "1e9", "%EF%BC%91", "%00", "%FF%FE", "9" * 400, "NaN", "1,4,0", "1.999")
    )
    key = random.choice(("", "x", "%00", KEY))
    body = f"amount={amount}&key={key}"
    return post(at, body.encode(), Content_Type="application/x-www-form-urlencoded")


def _multipart(random: Random, at: Address) -> bytes:
    kind = random.choice(
        ("multipart/form-data", "multipart/form-data; boundary=x", "multipart/form-data; boundary=")
    )
    return post(
        at, b"--x\r\nContent-Disposition: form-data\r\n\r\n" + random.randbytes(50), Content_Type=kind
    )


def _fields(random: Random, at: Address) -> bytes:
    """More fields than any form has."""
    return post(at, b"a=1&" * 2000, Content_Type="application/x-www-form-urlencoded")


def _place(random: Random, at: Address) -> bytes:
    """A path or query nobody links to."""
    number = random.choice(("0", "9" * 9, "9" * 19, "9" * 40, "%D9%A1", "1%00"))
    path = random.choice(
        (
            f"/rounds/{number}/bids",
            f"/rounds/{number}/state.json",
            f"/rounds/1/events.json?after={number}",
            f"/lots/{number}/",
            f"/ws/rounds/{number}/",
            f"/tours/{number}/manifest.json",
            f"/rounds/{number}/bid/?amount={number}",
            f"/lots/1/record.jsonl?round={number}",
            "/%FF%FE/",
            "//elsewhere.example/%2e%2e/",
            "/?page=%00&q=%FF",
        )
    )
    return post(at, b"", path=path, method="GET")


def _garbage(random: Random, at: Address) -> bytes:
    """What is no HTTP."""
    return random.choice(
        (
            random.randbytes(200),
            b"GET\r\n\r\n",
            b"\x16\x03\x01" + random.randbytes(100),
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost 127.0.0.1\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
            b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: \x00\r\n\r\n",
        )
    )


def _framing(random: Random, at: Address) -> bytes:
    """A body whose length is said wrongly, or twice."""
    wrong = random.choice(
        (
            {"Content_Length": "-1"},
            {"Content_Length": "x"},
            {"Content_Length": "9" * 40},
            {"Content_Length": "2\r\nContent-Length: 3"},
            {"Transfer_Encoding": "chunked", "Content_Length": ""},
            {"Transfer_Encoding": "gzip, chunked"},
        )
    )
    return post(at, b"zz\r\nzz\r\n0\r\n\r\n", **wrong)


def _host(random: Random, at: Address) -> bytes:
    return post(
        at, b"", method="GET", path="/", Host=random.choice(("elsewhere.example", "a b", "[::1", "x" * 300))
    )


def _upgrade(random: Random, at: Address) -> bytes:
    """A handshake that is none (4.2.1), or to no socket of ours."""
    headers = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec_WebSocket_Key": random.choice(("", "short", "dGhlIHNhbXBsZSBub25jZQ==")),
        "Sec_WebSocket_Version": random.choice(("8", "x", "13")),
        "Origin": random.choice(("", "null", "https://elsewhere.example", "\xff")),
        "Cookie": random.choice((at.cookie, 'sessionid="\\000abcdefgh"', "\xff=\xfe")),
        "Content_Length": "",
    }
    path = random.choice(
        ("/ws/rounds/1/", "/ws/rounds/x/", f"/ws/rounds/{'9' * 40}/", "/ws/", "/ws/rounds/1/%00")
    )
    return post(at, b"", method="GET", path=path, **headers)


Make = Callable[[Random, Address], bytes]
KINDS: Final[dict[str, tuple[Make, frozenset[int]]]] = {
    "bad JSON": (_json, REFUSED),
    "raw body": (_bytes, REFUSED),
    "long body": (_long, REFUSED),
    "huge body": (_huge, REFUSED | {NOTHING}),
    "method": (_method, REFUSED),
    "unproven": (_unproven, REFUSED | LEFT),
    "cookie": (_cookie, REFUSED | LEFT),
    "form": (_form, REFUSED | LEFT),
    "multipart": (_multipart, REFUSED | LEFT),
    "fields": (_fields, REFUSED),
    "place": (_place, REFUSED | LEFT | {200}),
    "garbage": (_garbage, REFUSED),
    "framing": (_framing, REFUSED),
    "host": (_host, REFUSED),
    "upgrade": (_upgrade, REFUSED | {426}),
}
