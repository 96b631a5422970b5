"""The file as a court's expert has it: copied into an empty folder and run by plain Python."""

from __future__ import annotations

import ast
import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.publishing import (
    RECEIPTS,
    b64,
    extra,
    opening,
    policy,
    public,
    published,
    receipt,
    refusal,
    sealed,
)
from tests.support.records import running, sold

SOURCE = Path(__file__).resolve().parents[3] / "verify_record.py"
GENUINE = published()
SUMMARY = "bids deadline ended_t leaves lot origin price root size winner witnesses"


class Desk:
    """An empty folder with the program and what it is given."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "verify_record.py").write_bytes(SOURCE.read_bytes())
        files = {
            "record.zip": GENUINE.zip(),
            "record.jsonl": sold().data(),
            "running.jsonl": running().data(),
            "lowered.jsonl": sold().edit(12, amount=1).data(),
            "mine.txt": sealed(receipt(sold(), 8)),
            "refused.txt": sealed(refusal()),
            "wrong.txt": sealed(receipt(sold(), 8, t="5")),
            "old": GENUINE.checkpoint(9),
            "proof": GENUINE.consistency(9),
            "policy": policy("prosecutor"),
            "opening.json": opening(),
            "long.txt": b"x" * (1 << 21),
            "mine.tlog-proof": GENUINE.proof(8, extra=extra(GENUINE.lines[7])),
            "policy2": policy("none"),
            "keys.json": GENUINE.contents()["keys.json"],
            "more": GENUINE.consistency(3),
        }
        for name, raw in files.items():
            (folder / name).write_bytes(raw)

    def run(self, words: str, given: bytes = b"", python: str = "-I") -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, *python.split(), *words.split()]
        return subprocess.run(
            command, cwd=self.folder, input=given, capture_output=True, timeout=120, check=False
        )

    def check(self, words: str, given: bytes = b"") -> tuple[int, str, str]:
        done = self.run(f"verify_record.py {words}", given)
        return done.returncode, done.stdout.decode("ascii"), done.stderr.decode("ascii")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("court"))


def test_nothing_of_the_project_can_be_imported_there(desk: Desk) -> None:
    for name in ("auction", "config", "tests", "verify_record"):
        assert b"No module named" in desk.run(f"-m {name}").stderr


def test_a_genuine_zip_with_all_one_can_bring_breaks_nothing(desk: Desk) -> None:
    words = "record.zip --receipt mine.txt refused.txt --since old --consistency proof --opening opening.json"
    code, said, wrong = desk.check(words)

    assert (code, wrong) == (0, "")
    assert said.count("\n") == 1
    assert "no rule is violated" in said


def test_each_violation_is_a_line_with_its_rule_and_the_last_is_a_summary(desk: Desk) -> None:
    code, said, _ = desk.check("record.zip --receipt wrong.txt --policy policy")
    lines = said.splitlines()

    assert code == 1
    assert [line.partition(": ")[0] for line in lines[:-1]] == ["L4 line 0", "R2 line 0"]
    assert lines[-1].startswith("lot 17: ")


def test_a_record_alone_needs_no_other_package(desk: Desk) -> None:
    done = desk.run("verify_record.py record.jsonl", python="-I -S")
    without = desk.run("verify_record.py record.zip", python="-I -S")

    assert done.returncode == 0
    assert without.returncode == 2
    assert b"cryptography" in without.stderr


def test_json_is_one_object(desk: Desk) -> None:
    code, said, _ = desk.check("lowered.jsonl --json")
    told = json.loads(said)

    assert (code, told["ok"]) == (1, False)
    assert [(row["rule"], row["line"]) for row in told["violations"]] == [("B1", 12), ("C6", 13)]
    assert list(told) == ["ok", "violations", "remarks", "summary"]
    assert " ".join(sorted(told["summary"])) == SUMMARY


def test_a_running_round_has_no_end_yet(desk: Desk) -> None:
    assert desk.check("running.jsonl")[0] == 1
    assert desk.check("running.jsonl --running")[0] == 0


def test_the_key_of_receipts_can_be_brought(desk: Desk) -> None:
    key = b64(public(RECEIPTS))

    assert desk.check(f"record.jsonl --receipt mine.txt --receipt-key {key}")[0] == 0
    assert desk.check("record.jsonl --receipt mine.txt")[0] == 1


WRONG_CALLS = [
    "",
    "absent.zip",
    ".",
    "record.zip --what",
    "record.zip more",
    "record.zip --receipt",
    "record.zip --receipt absent.txt",
    "record.zip --receipt long.txt",
    "record.zip --receipt-key AAAA",
    "record.zip --since absent",
    "record.jsonl --policy policy",
    "record.jsonl --since old",
    "record.zip --recei mine.txt",
    "record.zip --proof mine.tlog-proof",
    "--proof mine.tlog-proof",
    "--receipt mine.txt --at soon",
]


@pytest.mark.parametrize("words", WRONG_CALLS)
def test_a_wrong_call_is_one_sentence(desk: Desk, words: str) -> None:
    code, said, wrong = desk.check(words)

    assert (code, said) == (2, "")
    assert wrong.startswith("verify_record.py: ")
    assert wrong.count("\n") == 1


def test_receipts_need_no_record(desk: Desk) -> None:
    bag = "--receipt mine.txt refused.txt --policy policy2 --keys keys.json"
    code, said, wrong = desk.check(f"{bag} --proof mine.tlog-proof --consistency proof more")
    counted = json.loads(desk.check(f"{bag} --proof mine.tlog-proof --json")[1])["summary"]

    assert (code, wrong) == (0, "")
    assert [line.partition(",")[0] for line in said.splitlines()] == [
        "remark L4 line 0: the policy asks for no witness: the log alone vouches for its order",
        "receipts 2",
    ]
    assert (counted["receipts"], counted["leaves"]) == (2, 1)


def test_a_listener_who_leaves_is_no_trouble(desk: Desk) -> None:
    (desk.folder / "broken.jsonl").write_bytes(b"{}\n" * 20_000)
    line = f"{shlex.quote(sys.executable)} -I verify_record.py broken.jsonl --json | head -c 1"
    done = subprocess.run(["sh", "-c", line], cwd=desk.folder, capture_output=True, check=False)

    assert (done.stdout, done.stderr) == (b"{", b"")


def test_it_is_written_in_the_python_of_old_machines_and_needs_only_cryptography() -> None:
    tree = ast.parse(SOURCE.read_text(encoding="utf-8"), feature_version=(3, 9))
    nodes = list(ast.walk(tree))
    named = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    named |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}

    assert {name.partition(".")[0] for name in named} - sys.stdlib_module_names == {"cryptography"}
