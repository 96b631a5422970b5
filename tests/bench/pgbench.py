"""The database's own ceiling for one bid a transaction: pgbench on the tables as they are."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.bench import client, site
from tests.support.servers import Missing

MOST_CLIENTS = 128
SCRIPT = """
\\set place random(0, {last})
\\set bidder {bidder} + :place
BEGIN;
SELECT id AS round, seq + 1 AS next, price_fen + 500000 AS amount FROM auction_round
    WHERE id = {round} + :place FOR UPDATE \\gset
INSERT INTO auction_event (round_id, seq, kind, leaf, hash, at)
    VALUES (:round, :next, 'bid', repeat('x', 330), repeat('0', 64), now());
INSERT INTO auction_bid (round_id, bidder_id, key, amount_fen, arrived_at, decided_at, ground, seq, closes_at,
    receipt) VALUES (:round, :bidder, gen_random_uuid()::text, :amount, now(), now(), '', :next, now(), '');
UPDATE auction_round SET seq = :next, price_fen = :amount, leading_id = :bidder, leading_at = now(),
    bid_count = bid_count + 1, version = version + 1, recorded_at = now() WHERE id = :round;
COMMIT;
"""


def way(url: str, bidders: int, rounds: int, seconds: float) -> Callable[[], client.Run]:
    """Return a run of as many clients on as many rounds.

    :raises Missing: if there is no pgbench, at the run
    """
    from auction.models import Bidder, Round

    ids = [each.round_id for each in site.some_rounds(rounds, 1)]
    Round.objects.filter(pk__in=ids).update(price_fen=140_000_000)
    first = Bidder.objects.get(round_id=ids[0]).pk
    script = SCRIPT.format(last=rounds - 1, bidder=first, round=ids[0])
    clients = min(MOST_CLIENTS, bidders * rounds)

    def run() -> client.Run:
        return _measured(url, script, clients, seconds)

    return run


def _measured(url: str, script: str, clients: int, seconds: float) -> client.Run:
    program = _program()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bid.sql"
        path.write_text(script, encoding="utf-8")
        words = ["-n", "-M", "prepared", "-c", str(clients), "-j", "1", "-T", str(int(seconds) + 1), "-f"]
        command = [*site.on_core(site.SERVER_CORE), program, *words, str(path), url]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=seconds + 60)
    speed = re.search(r"tps = ([\d.]+)", done.stdout)
    if done.returncode or speed is None:
        raise RuntimeError(done.stderr.strip()[-300:])
    answered = round(float(speed[1]) * seconds)
    wait = re.search(r"latency average = ([\d.]+)", done.stdout)
    mean = float(wait[1]) if wait else float("nan")
    return client.Run(answered, answered, seconds, mean, mean, mean, 0, 0)


def _program() -> str:
    """Return pgbench.

    :raises Missing: if it is not installed
    """
    found = shutil.which("pgbench") or next(
        (str(at) for at in Path("/usr/lib/postgresql").glob("*/bin/pgbench")), None
    )
    if found is None:
        raise Missing("pgbench is not installed.")
    return found
