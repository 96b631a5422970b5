"""Each act of abuse from beginning to end, with what it should have led to and did not."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

from tests.faults.abuse import flood, fuzz, loris, storm, watchers
from tests.faults.abuse.honest import Honest, honest_bidding
from tests.faults.abuse.house import House
from tests.faults.abuse.relay import Relay, relaying

CUT: Final = {4429, 4408, 1009}  # too many; too slow to read what it asked for; too many pieces
ANSWERED_S: Final = 20.0  # an honest bidder's longest wait: alive, not fast, for machines are busy
CUT_OFF_S: Final = 30.0
BACK_S: Final = 60.0
MEGABYTE: Final = 2**20


@dataclass
class Outcome:
    """What an act showed: figures for whoever reads, faults for whoever judges."""

    name: str
    figures: dict[str, object] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    bids: int = 0
    codes: Counter[int] = field(default_factory=Counter)
    frames: int = 0

    def expect(self, holds: bool, fault: str) -> None:
        """Note a fault unless this holds."""
        if not holds:
            self.faults.append(f"{self.name}: {fault}")

    def heed(self, honest: Honest) -> None:
        """Note what the honest bidders experienced."""
        self.bids = honest.bids
        longest = max(honest.waits, default=0.0)
        self.figures |= {
            "bids": honest.bids,
            "p99_ms": round(honest.p99() * 1000),
            "max_ms": round(longest * 1000),
        }
        self.expect(
            honest.bids > 0 and honest.untroubled, f"honest bids were answered {dict(honest.answers)}"
        )
        self.expect(longest <= ANSWERED_S, f"an honest bidder waited {longest:.1f} s")


async def slow_loris(house: House, *, many: int) -> Outcome:
    """F15: hold so many requests half-open; the server drops them all, and bidding goes on."""
    outcome = Outcome("slow-loris")
    async with honest_bidding(house) as honest:
        held = await loris.hold(house, many)
        left = await _until_dropped(held)
        loris.let_go(held)
    outcome.figures |= {"half_open": len(held), "left": len(left)}
    outcome.expect(len(held) >= many * 0.9, f"only {len(held)} of {many} could connect")
    outcome.expect(
        not left, f"{len(left)} half-open are still held: {Counter(one.loris.kind for one in left)}"
    )
    outcome.heed(honest)
    return outcome


async def _until_dropped(held: list[loris.Held]) -> list[loris.Held]:
    deadline = time.monotonic() + CUT_OFF_S
    while (left := [one for one in held if not one.ended]) and time.monotonic() < deadline:
        await loris.drip(left, 1.0)
    return left


async def floods(house: House, *, sockets: int) -> Outcome:
    """F16: flood in every way from so many sockets; each is told that it is too many."""
    outcome, slowest = Outcome("floods"), 0.0
    async with honest_bidding(house) as honest:
        for kind in flood.FLOODS:
            flooded = await flood.flood(house, kind, sockets=sockets)
            outcome.codes += flooded.codes
            slowest = max(slowest, *flooded.seconds)
            outcome.expect(set(flooded.codes) <= CUT, f"{kind}: closed with {dict(flooded.codes)}")
    outcome.figures |= {"sockets": sockets * len(flood.FLOODS), "slowest_cut_s": round(slowest, 2)}
    outcome.heed(honest)
    return outcome


async def one_person(house: House, *, sockets: int, seconds: float) -> Outcome:
    """F16: bid as one person on so many sockets; he is heard as often as a person may be, and told so."""
    outcome = Outcome("one person")
    async with honest_bidding(house) as honest:
        answers = await flood.crowd(house, sockets=sockets, seconds=seconds)
    grounds = Counter(answer.get("ground") for answer in answers)
    asked = sockets * int(seconds * 4)
    outcome.figures |= {"asked": asked, "grounds": dict(grounds)}
    outcome.expect(len(answers) == asked, f"{len(answers)} of {asked} bids were answered")
    outcome.expect(set(grounds) == {"too_low", "too_many"}, f"answered with {dict(grounds)}")
    outcome.expect(grounds["too_low"] <= asked // 2, f"one person was heard {grounds['too_low']} times")
    outcome.expect(all(answer["article"] for answer in answers), "a refusal has no article")
    outcome.heed(honest)
    return outcome


async def crowd_of_watchers(house: House, *, many: int, non_readers: int, seconds: float) -> Outcome:
    """F17: let many watch and some never read; the many see every bid, and the some cost little."""
    outcome = Outcome("watchers")
    async with honest_bidding(house) as honest:
        watching = await watchers.watch(house, many)
        before = house.memory()
        silent = [await watchers.NonReader.call(house) for _ in range(non_readers)]
        await watchers.ask_for(silent, seconds)
        cost = (house.memory() - before) / MEGABYTE
        came = await watchers.all_at(watching, await asyncio.to_thread(house.length), ANSWERED_S)
    left = [reader for reader in silent if not reader.cut]
    _leave(watching, silent)
    outcome.figures |= {
        "watchers": len(watching),
        "came": came,
        "non_readers_mb": round(cost),
        "kept": len(left),
    }
    outcome.expect(came == len(watching), f"{came} of {len(watching)} watchers saw the last bid")
    outcome.expect(cost <= 50, f"{non_readers} non-readers cost {cost:.0f} MB")
    outcome.heed(honest)
    return outcome


async def silent_crowd(house: House, *, many: int, seconds: float) -> Outcome:
    """F17: let many connect and never answer, not even a ping; each costs little, and all are let go."""
    outcome = Outcome("silent")
    async with honest_bidding(house) as honest:
        before = house.memory()
        silent = await watchers.fall_silent(house, many)
        open_files = await _all_in(house, many)
        cost = (house.memory() - before) / max(1, open_files) / 1000
        left = await watchers.all_cut(silent, seconds)
    _leave([], silent)
    outcome.figures |= {"sockets": open_files, "kb_each": round(cost, 1), "left": left}
    outcome.expect(open_files >= many, f"only {open_files} of {many} could connect")
    outcome.expect(cost <= 40, f"a silent socket costs {cost:.0f} kB")
    outcome.expect(not left, f"{left} silent sockets are still held")
    outcome.heed(honest)
    return outcome


async def _all_in(house: House, many: int) -> int:
    """Wait until the server holds so many sockets; return how many files it has open."""
    deadline = time.monotonic() + ANSWERED_S
    while (held := int(house.web().num_fds())) < many and time.monotonic() < deadline:
        await asyncio.sleep(0.2)
    return held


def _leave(watching: list[watchers.Watching], silent: list[watchers.NonReader]) -> None:
    for one in (*watching, *silent):
        one.leave()


async def reconnect_storm(house: House, *, many: int) -> Outcome:
    """F18: break every line at once; all come back, bidders soon, and the bid in flight is one bid."""
    outcome = Outcome("storm")
    who, fen = await asyncio.to_thread(house.next_bid)
    async with relaying(house.port) as relay:
        pages, tasks = await storm.open_pages(house, relay.port, [who, "wang", *[""] * many])
        broken, answer = await _break(relay, pages[0], fen)
        bidders = await storm.all_back(pages[:2], broken, BACK_S)
        back = await storm.all_back(pages, broken, BACK_S)
        again = await pages[0].bid(str(uuid4()), fen)
        await _stop(tasks)
    outcome.bids = 2
    outcome.figures |= {"pages": len(pages), "bidders_s": _last(bidders), "all_s": _last(back)}
    outcome.expect(len(back) == len(pages), f"{len(pages) - len(back)} pages are not back after 60 s")
    outcome.expect(answer["type"] == "accepted", f"the bid in flight was answered {answer}")
    outcome.expect(again.get("ground") == "already_leading", f"a second bid of the leader: {again}")
    return outcome


async def _break(relay: Relay, bidder: storm.Page, fen: int) -> tuple[float, dict[str, Any]]:
    """Break all lines under a bid in flight; return when, and what the bidder is told in the end."""
    bidding = asyncio.create_task(bidder.bid(str(uuid4()), fen))
    await asyncio.sleep(0.005)
    broken = time.monotonic()
    relay.reset_all()
    return broken, await bidding


async def _stop(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    with suppress(asyncio.CancelledError):
        await asyncio.gather(*tasks, return_exceptions=True)


def _last(times: list[float]) -> float:
    return round(times[-1], 2) if times else -1


async def malformed(house: House, *, frames: int, requests: int, seed: int) -> Outcome:
    """F19: send what is no frame, no message and no request; nothing breaks, and nothing is kept."""
    outcome = Outcome("malformed")
    async with honest_bidding(house) as honest:
        # What is kept for ever is there only after the first of each: threads, connections, caches.
        warm = await fuzz.fuzz(house, frames=frames // 10, seed=seed + 1)
        await fuzz.fuzz_requests(house, warm, requests=requests, seed=seed + 1)
        before = house.memory()
        tally = await fuzz.fuzz(house, frames=frames - frames // 10, seed=seed)
        await fuzz.fuzz_requests(house, tally, requests=requests, seed=seed)
        drift = house.memory() / before - 1
    outcome.codes, outcome.frames = tally.codes, tally.frames + frames // 10
    outcome.figures |= {"requests": tally.requests, "statuses": dict(tally.statuses), "drift": f"{drift:.1%}"}
    outcome.faults += [*warm.wrong, *tally.wrong][:20]
    outcome.expect(drift <= 0.05, f"the web process grew by {drift:.1%}")
    outcome.heed(honest)
    return outcome
