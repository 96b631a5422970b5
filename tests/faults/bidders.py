"""Those who bid and those who watch, with the page's own way of asking again until they know."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import httpx

from tests.faults.history import OVER, History, now_ms
from tests.faults.line import Answer, Line
from tests.faults.seed import START_FEN, STEP_FEN, Plan, Seat

INDEFINITE: Final = frozenset({"undecided", "clock_fault", "too_many"})
GIVE_UP: Final = 45.0  # seconds after which a bidder stops asking what became of a bid


@dataclass
class View:
    """What a client knows of a round: the fold of what it was sent, as the page's."""

    seq: int = 0
    state: str = "announced"
    price: int | None = None
    leader: str | None = None
    closes_at: int = 0
    gap: bool = False

    def take(self, frame: dict[str, Any]) -> None:
        """Fold one frame."""
        if frame["type"] == "event":
            self._event(frame)
        elif frame["type"] in {"snapshot", "leap"}:
            names = ("seq", "state", "price", "leader", "closes_at")
            self.__dict__.update({name: frame[name] for name in names if name in frame})
            self.gap = False

    def _event(self, frame: dict[str, Any]) -> None:
        if frame["seq"] <= self.seq:
            return
        if frame["seq"] > self.seq + 1:
            self.gap = True
            return
        self.seq, self.gap = frame["seq"], False
        self.closes_at = frame.get("deadline", self.closes_at)
        if frame["kind"] == "bid":
            self.price, self.leader = frame["amount"], frame["code"]
        self.state = _state(frame) or self.state


def _state(event: dict[str, Any]) -> str | None:
    if event["kind"] == "close":
        return "sold" if event["winner"] else "unsold"
    return {"suspend": "suspended", "resume": "open", "bid": "open", "void": "withdrawn"}.get(event["kind"])


class Watcher:
    """Watches one round across reconnects, and notes every frame."""

    def __init__(
        self, name: str, urls: list[str], round_id: int, history: History, session: str = ""
    ) -> None:
        self.name = name
        self.history = history
        self.view = View()
        self.rng = random.Random(name)
        self.line = Line(urls, round_id, session, self._hear, self.rng)
        self.asking: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Watch until cancelled."""
        await self.line.keep()

    def _hear(self, frame: dict[str, Any]) -> None:
        if frame["type"] not in {"event", "snapshot", "leap"}:
            return
        self.history.saw(self.name, self.line.round_id, frame)
        self.view.take(frame)
        if self.view.gap:
            task = asyncio.create_task(self.line.ask_after(self.view.seq))
            self.asking.add(task)
            task.add_done_callback(self.asking.discard)


@dataclass
class Habits:
    """How a bidder behaves, as shares of his bids."""

    doubled: float = 0.1
    by_http: float = 0.15
    too_low: float = 0.05
    gives_up: float = 0.03  # shuts the computer when no answer comes, and never learns
    think_s: float = 0.9


@dataclass
class Bidder:
    """One person in one round."""

    plan: Plan
    seat: Seat
    urls: list[str]
    history: History
    client: httpx.AsyncClient
    seed: str
    habits: Habits = field(default_factory=Habits)

    def __post_init__(self) -> None:
        self.rng = random.Random(f"{self.seed} {self.plan.round_id} {self.seat.code}")
        name = f"{self.plan.round_id}-{self.seat.code}"
        self.watcher = Watcher(name, self.urls, self.plan.round_id, self.history, self.seat.session)
        self.line = self.watcher.line
        self.view = self.watcher.view

    async def run(self) -> None:
        """Bid until bored, and go on watching until cancelled."""
        keeping = asyncio.create_task(self.watcher.run())
        try:
            await self._bid_on()
            await keeping
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)

    async def _bid_on(self) -> None:
        while now_ms() < self.plan.bored_ms and self.view.state not in OVER:
            await asyncio.sleep(self._pause())
            if self._wants():
                await self.offer(self._amount())

    def _pause(self) -> float:
        """Return how long to think: some wait for the very last moment."""
        left = (self.view.closes_at - now_ms()) / 1000
        if 0.3 < left < 2.5 and self.rng.random() < 0.3:
            return left - self.rng.uniform(0.0, 0.25)
        return self.rng.expovariate(1 / self.habits.think_s)

    def _wants(self) -> bool:
        return now_ms() >= self.plan.opens_ms and self.view.leader != self.seat.code

    def _amount(self) -> int:
        if self.rng.random() < self.habits.too_low:
            return START_FEN - STEP_FEN
        if self.view.price is None:
            return START_FEN
        equal = self.seat.rank is not None and self.rng.random() < 0.6
        return self.view.price if equal else self.view.price + STEP_FEN * self.rng.choice((1, 1, 1, 2))

    async def offer(self, amount: int) -> Answer | None:
        """Bid, ask again with the same key until it is definite, and note what became of it."""
        key = str(UUID(int=self.rng.getrandbits(128), version=4))
        asked = {"round": self.plan.round_id, "code": self.seat.code, "cid": key, "amount": amount}
        asked |= {"known_deadline": self.view.closes_at, "invoked": now_ms()}
        answer, attempts, self.line.sent = None, 0, None
        try:
            answer, attempts = await self._until_definite(key, amount)
        finally:  # whoever leaves while he waits never learns
            returned = now_ms() if answer else None
            sent = self.line.sent
            self.history.bid(**asked, sent=sent, returned=returned, attempts=attempts, **_outcome(answer))
        return answer

    async def _until_definite(self, key: str, amount: int) -> tuple[Answer | None, int]:
        gives_up = self.rng.random() < self.habits.gives_up
        end = time.monotonic() + GIVE_UP
        for attempt in range(1, 1000):
            answers = await self._attempt(key, amount, attempt)
            definite = _definite(answers)
            self._agree(key, definite)
            if definite:
                return definite[0], attempt
            self.history.doubts.append(now_ms())
            if gives_up or time.monotonic() > end:
                return None, attempt
            await asyncio.sleep(self.rng.uniform(0.1, min(3.0, 0.3 * attempt)))
        return None, 1000

    async def _attempt(self, key: str, amount: int, attempt: int) -> list[Answer]:
        if attempt % 2 == 0 or self.rng.random() < self.habits.by_http:
            return await self.line.by_http(self.client, key, amount)
        doubled = self.rng.random() < self.habits.doubled
        answers = await self.line.by_socket(key, amount, copies=1 + doubled)
        if doubled and _definite(answers):  # else asked again by HTTP, as an attempt of its own
            answers += await self.line.by_http(self.client, key, amount)
        return answers

    def _agree(self, key: str, answers: list[Answer]) -> None:
        """Note answers to one key that differ in what they promise."""
        told = {
            (each["type"], each.get("seq"), each.get("hash"), each.get("ground"), each.get("receipt"))
            for each in answers
        }
        if len(told) > 1:
            self.history.disagreements.append(
                {"cid": key, "round": self.plan.round_id, "told": sorted(map(str, told))}
            )


def _definite(answers: list[Answer]) -> list[Answer]:
    return [each for each in answers if each.get("ground") not in INDEFINITE]


def _arrival(receipt: str) -> int | None:
    """Return when the bid arrived, as a refusal states it."""
    stated = [line.removeprefix("in_t ") for line in receipt.splitlines() if line.startswith("in_t ")]
    return int(stated[0]) if stated and stated[0].isdecimal() else None


def _outcome(answer: Answer | None) -> dict[str, Any]:
    if answer is None:
        nothing = dict.fromkeys(("seq", "hash", "ground", "in_t", "deadline", "receipt"))
        return {"outcome": "info", **nothing}
    return {
        "outcome": "ok" if answer["type"] == "accepted" else "fail",
        "seq": answer.get("seq"),
        "hash": answer.get("hash"),
        "ground": answer.get("ground"),
        "in_t": answer.get("arrived_at", _arrival(answer.get("receipt") or "")),
        "deadline": answer.get("closes_at"),
        "receipt": answer.get("receipt"),
    }
