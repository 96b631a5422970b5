"""Why a live socket is closed: RFC 6455 §7.4.1's codes for the protocol's own faults, 4xxx for ours."""

from __future__ import annotations

from typing import Final

GOING_AWAY: Final = 1001
PROTOCOL_ERROR: Final = 1002
NOT_UTF8: Final = 1007
TOO_BIG: Final = 1009
NO_ANSWER: Final = 1011  # the peer answered no ping
RESTARTING: Final = 1012
TRY_AGAIN: Final = 1013
ABNORMAL: Final = 1006

BAD_MESSAGE: Final = 4400
SESSION_ENDED: Final = 4401
NO_SUCH_ROUND: Final = 4404
TOO_SLOW: Final = 4408
TOO_LARGE: Final = 4413
TOO_MANY: Final = 4429
