"""Why an act is refused: each ground carries its article to the person refused."""

from __future__ import annotations

from auction.rules.law import AUCTION_LAW, HOUSE_BUYERS, Article, Reason, online_auction, sale


class Ground(Reason):
    """A ground of refusal: `code` is the name of its sentence in templates, `article` its source."""

    # bidding
    NOT_OPEN = ("not_open", online_auction(20, 1))
    TOO_EARLY = ("too_early", online_auction(20, 1))
    OUT_OF_TIME = ("out_of_time", online_auction(20, 2))
    TOO_LOW = ("too_low", online_auction(20, 1))
    NOT_A_PRICE = ("not_a_price", online_auction(20, 1))
    ALREADY_LEADING = ("already_leading", Article(AUCTION_LAW, 36))
    NOT_QUALIFIED = ("not_qualified", online_auction(18, 1))
    SUSPENDED = ("suspended", online_auction(28))
    KEY_REUSED = ("key_reused", online_auction(20, 3))
    UNDECIDED = ("undecided", online_auction(20, 3))
    CLOCK_FAULT = ("clock_fault", online_auction(20, 3))
    TOO_MANY = ("too_many", online_auction(8, 3))
    # registration
    NO_REAL_NAME = ("no_real_name", online_auction(17, 2))
    NO_CAPACITY = ("no_capacity", online_auction(14, None, 1))
    WARNINGS_UNREAD = ("warnings_unread", online_auction(14))
    BARRED_OFFICE = ("barred_office", online_auction(34))
    BARRED_DEFAULTER = ("barred_defaulter", online_auction(24, 2))
    BARRED_HOUSE = ("barred_house", Article(HOUSE_BUYERS, 1))
    REGISTRATION_CLOSED = ("registration_closed", online_auction(18, 1))
    ALREADY_REGISTERED = ("already_registered", online_auction(18, 1))
    DEPOSIT_NOT_SECURED = ("deposit_not_secured", online_auction(17, 2))
    # lifecycle
    WRONG_STATE = ("wrong_state", online_auction(20))
    NOT_PAID = ("not_paid", online_auction(25))
    PANEL_ONLY = ("panel_only", online_auction(27))
    RULING_FIRST = ("ruling_first", sale(20))


class Refused(Exception):
    """An act is refused on a ground that the person refused may read."""

    def __init__(self, ground: Ground, **facts: object) -> None:
        super().__init__(f"{ground.code}: {ground.article}")
        self.ground = ground
        self.facts = facts
