"""The witness over HTTP: connections are kept, bodies are measured first, and nobody holds it up."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection, RemoteDisconnected
from pathlib import Path

import pytest

from auction.log import note
from auction.log.witness import LONGEST, request
from auction.log.witness_http import MOST
from tests.support.log import ALog
from tests.support.servers import free_port
from tests.support.site import ROOT
from tests.support.witnesses import Open, a_witness


@pytest.fixture
def log() -> ALog:
    return ALog()


@pytest.fixture
def opened(tmp_path: Path, log: ALog) -> Iterator[Open]:
    with a_witness(tmp_path / "w", "witness.example/w", [log.key]) as opened:
        yield opened


def connected(url: str) -> HTTPConnection:
    return HTTPConnection(url.removeprefix("http://"), timeout=5)


def post(line: HTTPConnection, body: bytes, path: str = "/add-checkpoint") -> tuple[int, str, str]:
    line.request("POST", path, body)
    answer = line.getresponse()
    return answer.status, answer.headers["Content-Type"], answer.read().decode()


def test_many_requests_go_over_one_connection(opened: Open, log: ALog) -> None:
    line = connected(opened.url)

    status, _, lines = post(line, request(0, [], log.signed(7)))
    kept = line.sock
    assert note.verified(note.parse(f"{log.signed(7)}{lines}"), [note.vkey(opened.witness.vkey())])
    assert (status, post(line, request(0, [], log.signed(9)))) == (200, (409, "text/x.tlog.size", "7\n"))
    assert post(line, b"noise")[0] == 400
    assert post(line, request(7, log.steps(7, 9), log.signed(9)))[0] == 200
    assert line.sock is kept is not None
    line.close()


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (f"POST /add-checkpoint HTTP/1.1\r\nContent-Length: {LONGEST + 1}\r\n", 413),
        ("POST /add-checkpoint HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n", 413),
        ("POST /add-checkpoint HTTP/1.1\r\nContent-Length: -1\r\n", 411),
        ("POST /add-checkpoint HTTP/1.1\r\n", 411),
        ("POST /add-checkpoint HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n", 411),
        ("POST /add-checkpoint HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n", 411),
        ("POST /other HTTP/1.1\r\nContent-Length: 5\r\n", 404),
        ("GET /add-checkpoint HTTP/1.1\r\n", 501),
    ],
)
def test_what_is_not_worth_reading_is_answered_and_closed(opened: Open, head: str, status: int) -> None:
    host, port = opened.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as line:
        line.sendall(f"{head}Host: w\r\n\r\n".encode())
        said = line.makefile("rb").read()  # to the end: it was closed

    assert said.startswith(f"HTTP/1.1 {status} ".encode())


def test_a_fault_of_its_own_is_told_and_the_next_is_served(opened: Open, log: ALog) -> None:
    path = opened.witness.memory(log.origin).path
    path.write_text("spoilt", encoding="utf-8")
    line = connected(opened.url)

    assert post(line, request(0, [], log.signed(7)))[0] == 500
    path.unlink()
    assert post(line, request(0, [], log.signed(7)))[0] == 200
    line.close()


def test_who_only_sits_there_keeps_nobody_out_for_long(opened: Open, log: ALog) -> None:
    host, port = opened.url.removeprefix("http://").split(":")
    sitting = [socket.create_connection((host, int(port)), timeout=5) for _ in range(MOST)]
    time.sleep(0.3)
    late = connected(opened.url)
    with pytest.raises((ConnectionResetError, RemoteDisconnected, BrokenPipeError)):
        post(late, request(0, [], log.signed(7)))
    late.close()
    for each in sitting:
        each.close()
    time.sleep(0.3)

    line = connected(opened.url)
    assert post(line, request(0, [], log.signed(7)))[0] == 200
    line.close()


def test_the_process_serves_the_logs_of_its_policy_and_remembers(tmp_path: Path, log: ALog) -> None:
    policy, port = tmp_path / "policy", free_port()
    policy.write_text(f"log {log.key}\nquorum none\n", encoding="utf-8")
    first = _answers(tmp_path, port, [request(0, [], log.signed(7))])
    again = _answers(tmp_path, port, [request(0, [], log.signed(9))])

    assert [first[0][0], again[0]] == [200, [409, "text/x.tlog.size", "7\n"]]


def _answers(folder: Path, port: int, bodies: list[bytes]) -> list[list[object]]:
    """Start the process, ask it, and end it as a power cut would."""
    words = ["--name", "w.example", "--policy", folder / "policy", "--port", port, "--folder", folder / "w"]
    process = subprocess.Popen([sys.executable, "manage.py", "witness", *map(str, words)], cwd=ROOT)
    try:
        _wait(port)
        line = connected(f"http://127.0.0.1:{port}")
        answers = json.loads(json.dumps([post(line, body) for body in bodies]))
        line.close()
        return list(answers)
    finally:
        process.kill()
        process.wait()


def _wait(port: int) -> None:
    deadline = time.monotonic() + 40
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.1)
