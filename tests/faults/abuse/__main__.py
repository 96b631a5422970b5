"""Every act of abuse on a site of its own: `python -m tests.faults.abuse --frames 1000000 --seed 1`.

Prints a line for each act and one that sums up; the exit code is not zero if anything was noticed by anyone.
`--salvo N` sends the salvo of one number of the seed again, `--acts loris,storm` does some acts only.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
import time
from collections.abc import Callable, Coroutine
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final

import django

if TYPE_CHECKING:
    from tests.faults.abuse.acts import Outcome
    from tests.faults.abuse.house import House

KNOWN: Final = ("loris", "floods", "person", "watchers", "silent", "storm", "malformed")


def main() -> int:
    """Do what was asked and return the exit code."""
    asked = _asked()
    os.environ.setdefault("DEBUG", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    logging.disable(logging.INFO)
    with ExitStack() as stack:
        return _run(_house(stack, asked.database), asked)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--frames", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--salvo", type=int, help="send only this salvo and say how it is answered")
    parser.add_argument(
        "--scale", type=float, default=1.0, help="how large a crowd, 1 is that of make faults"
    )
    parser.add_argument("--acts", default=",".join(KNOWN))
    parser.add_argument("--database", choices=("postgresql", "sqlite"), default="postgresql")
    return parser.parse_args()


def _house(stack: ExitStack, kind: str) -> House:
    from tests.faults.abuse.house import a_house

    return stack.enter_context(a_house(kind))


def _run(house: House, asked: argparse.Namespace) -> int:
    if asked.salvo is not None:
        return _again(house, asked)
    outcomes = [_done(act) for name, act in _acts(house, asked).items() if name in asked.acts.split(",")]
    faults = [fault for outcome in outcomes for fault in outcome.faults] + _vital(house)
    for fault in faults:
        print(f"FAULT {fault}", flush=True)
    print(_summary(outcomes, faults), flush=True)
    return int(bool(faults))


Act = Callable[[], "Coroutine[Any, Any, Outcome]"]


def _acts(house: House, asked: argparse.Namespace) -> dict[str, Act]:
    from tests.faults.abuse import acts

    def size(many: int) -> int:
        return max(1, int(many * asked.scale))

    frames, seed = asked.frames, asked.seed
    return {
        "loris": lambda: acts.slow_loris(house, many=size(5000)),
        "floods": lambda: acts.floods(house, sockets=size(100)),
        "person": lambda: acts.one_person(house, sockets=20, seconds=5),
        "watchers": lambda: acts.crowd_of_watchers(house, many=size(3000), non_readers=size(100), seconds=8),
        "silent": lambda: acts.silent_crowd(house, many=size(10_000), seconds=60),
        "storm": lambda: acts.reconnect_storm(house, many=size(5000)),
        "malformed": lambda: acts.malformed(house, frames=frames, requests=frames // 200, seed=seed),
    }


def _done(act: Act) -> Outcome:
    started = time.monotonic()
    outcome = asyncio.run(act())
    words = " ".join(f"{name}={value}" for name, value in outcome.figures.items())
    print(f"{outcome.name:<12} {time.monotonic() - started:6.1f} s  {words}", flush=True)
    return outcome


def _vital(house: House) -> list[str]:
    """Return what is wrong with the site after all."""
    from tests.support.bidding import stands_as_recorded

    faults = [f"the web log says: {line}" for line in house.troubles()[:10]]
    if not house.alive():
        faults.append("the web process is dead")
    if not stands_as_recorded(house.round.pk):
        faults.append("the record does not lead to what stands")
    return faults


def _summary(outcomes: list[Outcome], faults: list[str]) -> str:
    codes = sum((outcome.codes for outcome in outcomes), start=type(outcomes[0].codes)()) if outcomes else {}
    closes = " ".join(f"{code}:{many}" for code, many in sorted(codes.items()))
    frames = sum(outcome.frames for outcome in outcomes)
    bids = sum(outcome.bids for outcome in outcomes)
    crashes = sum("dead" in fault for fault in faults)
    judged = f"crashes {crashes}, faults {len(faults)}"
    return f"abuse: frames {frames}, closes {closes}, bids answered {bids}, {judged}"


def _again(house: House, asked: argparse.Namespace) -> int:
    from tests.faults.abuse.frames import salvo
    from tests.faults.abuse.fuzz import WHO, fire

    shot = salvo(asked.seed, asked.salvo)
    code = asyncio.run(fire(house, shot, WHO[asked.salvo % len(WHO)]))
    print(f"{shot.kind}: {shot.frames[-1][:200]!r} was answered with {code}, may be {sorted(shot.codes)}")
    return int(code not in shot.codes)


if __name__ == "__main__":
    sys.exit(main())
