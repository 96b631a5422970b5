"""Try for an hour to break the house: `make faults`.

Faults on real processes for sixty minutes, a million simulated auctions beside them; then a million fuzzed
frames with every other act of abuse, processes ended at every step of a bid and of a close, and a hundred
thousand broken records for both checkers. Each part ends with its summary; the exit code is not zero if
anything was violated. `make faults STAGES=run` does one.
"""

from __future__ import annotations

import sys

from stages import Command, Machine, Wave, pytest, python, run_stages
from tools import ended

LIMIT_S = 2 * 3600


def run(_: Machine) -> Command:
    """Break a running site for an hour and judge the history of what its clients were told."""
    return python("-m", "tests.faults.run", "--minutes", "60", limit_s=LIMIT_S)


def simulation(_: Machine) -> Command:
    """Simulate a million auctions in virtual time and judge each."""
    return python("-m", "tests.faults.sim", "--auctions", "1000000", "--processes", "1", limit_s=LIMIT_S)


def abuse(_: Machine) -> Command:
    """Attack a site as slow, flooding, silent and storming clients do, and with a million fuzzed frames."""
    return python("-m", "tests.faults.abuse", "--frames", "1000000", limit_s=LIMIT_S)


def steps(machine: Machine) -> Command:
    """End processes at every step of a bid and of a close, and test the judge."""
    return pytest("tests/faults", FAULTS="all", **machine.production())


def checkers(_: Machine) -> Command:
    """Give a hundred thousand broken records to both checkers, and see that they agree."""
    return python("-m", "tests.verify.differential", "--records", "100000", limit_s=LIMIT_S)


WAVES: tuple[Wave, ...] = (((run,), (simulation,)), ((abuse,),), ((steps,),), ((checkers,),))


def main() -> int:
    """Run the parts asked for, or all."""
    return run_stages(WAVES, sys.argv[1:])


if __name__ == "__main__":
    sys.exit(ended(main))
