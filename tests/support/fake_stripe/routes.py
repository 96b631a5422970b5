"""Which function answers which method and path of the API."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from tests.support.fake_stripe import intents, refunds, sessions
from tests.support.fake_stripe.context import Context, Thing, listing
from tests.support.fake_stripe.wire import Params, accept, invalid

Endpoint = Callable[..., Thing]
CUSTOMER = {"description", "email", "metadata", "name", "phone"}


def create_customer(context: Context, params: Params) -> Thing:
    """Create a customer."""
    accept(params, CUSTOMER)
    given = {name: params.get(name) for name in CUSTOMER - {"metadata"}}
    rest = {
        "balance": 0,
        "default_source": None,
        "delinquent": False,
        "metadata": params.get("metadata") or {},
    }
    return context.store.put(context.fresh("customer", "cus") | given | rest)


def _retrieve(kind: str, param: str) -> Endpoint:
    return lambda context, _params, identifier: context.fetch(kind, identifier, param)


def _list(kind: str, *filters: str) -> Endpoint:
    return lambda context, params: listing(context, kind, params, *filters)


ROUTES: list[tuple[str, str, Endpoint]] = [
    ("POST", "customers", create_customer),
    ("GET", "customers/(id)", _retrieve("customer", "id")),
    ("POST", "payment_intents", intents.create),
    ("GET", "payment_intents", _list("payment_intent", "customer")),
    ("GET", "payment_intents/(id)", _retrieve("payment_intent", "intent")),
    ("POST", "payment_intents/(id)/confirm", intents.confirm),
    ("POST", "payment_intents/(id)/capture", intents.capture),
    ("POST", "payment_intents/(id)/cancel", intents.cancel),
    ("GET", "charges/(id)", _retrieve("charge", "id")),
    ("POST", "checkout/sessions", sessions.create),
    ("GET", "checkout/sessions", _list("checkout.session", "payment_intent", "customer", "status")),
    ("GET", "checkout/sessions/(id)", _retrieve("checkout.session", "session")),
    ("POST", "checkout/sessions/(id)/expire", sessions.expire),
    ("POST", "refunds", refunds.create),
    ("GET", "refunds", _list("refund", "payment_intent", "charge")),
    ("GET", "refunds/(id)", _retrieve("refund", "id")),
    ("GET", "events", _list("event", "type")),
    ("GET", "events/(id)", _retrieve("event", "id")),
]
PATTERNS = [
    (verb, re.compile("/v1/" + path.replace("(id)", r"(\w+)")), endpoint) for verb, path, endpoint in ROUTES
]


def endpoint_for(method: str, path: str) -> Callable[[Context, Params], Thing]:
    """Return the function that answers, bound to the identifiers in the path."""
    for verb, pattern, endpoint in PATTERNS:
        if verb == method and (match := pattern.fullmatch(path)):
            return lambda context, params: partial(endpoint, context, params)(*match.groups())
    refusal = invalid(f"Unrecognized request URL ({method}: {path}).")
    refusal.status = 404
    raise refusal
