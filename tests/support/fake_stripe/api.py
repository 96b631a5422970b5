"""One API request from headers to answer: key, idempotency, endpoint, expansion, record of the call."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode
from dataclasses import dataclass

from tests.support.fake_stripe import intents, refunds, sessions
from tests.support.fake_stripe.context import API_VERSION, Context, expanded, new_id
from tests.support.fake_stripe.routes import endpoint_for
from tests.support.fake_stripe.store import Store
from tests.support.fake_stripe.wire import Params, Refusal, unauthorized, unfold


@dataclass(frozen=True)
class Request:
    """What came over the wire; `form` is the body of a POST or the query of a GET."""

    method: str
    path: str
    form: str
    authorization: str
    key: str


@dataclass(frozen=True)
class Answer:
    """What goes back; a `lost` answer had its effect and is never sent."""

    status: int
    body: str
    headers: dict[str, str]
    lost: bool = False


def tick(store: Store, base_url: str) -> None:
    """Let time do its work: holds and sessions expire, refunds end."""
    with store.transaction():
        context = Context(store, store.now(), base_url)
        intents.expire_holds(context)
        sessions.expire_due(context)
        refunds.settle(context)


def answer(store: Store, base_url: str, request: Request) -> Answer:
    """Answer one request and record it."""
    tick(store, base_url)
    with store.transaction():
        if request.method == "POST" and store.count_down("fail_next"):
            return _broken(store, request)
        params = unfold(request.form)
        context = Context(store, store.now(), base_url, new_id("req"), request.key or None)
        status, body, replayed = _once(context, request, params)
        lost = request.method == "POST" and store.count_down("timeout_after_effect")
        _record(context, request, params, status, replayed)
    return Answer(status, body, _headers(context, replayed=replayed), lost)


def _broken(store: Store, request: Request) -> Answer:
    context = Context(store, store.now(), "", new_id("req"), request.key or None)
    error = {"message": "An unexpected error occurred.", "type": "api_error"}
    _record(context, request, unfold(request.form), 500, False)
    return Answer(500, json.dumps({"error": error}), _headers(context, replayed=False))


def _once(context: Context, request: Request, params: Params) -> tuple[int, str, bool]:
    """Run the endpoint, or replay the answer kept for the idempotency key."""
    fingerprint = hashlib.sha256(f"{request.path}\n{json.dumps(params, sort_keys=True)}".encode()).hexdigest()
    kept = context.store.kept(request.key, context.at) if request.method == "POST" and request.key else None
    if kept is not None and kept["fingerprint"] == fingerprint:
        return kept["status"], kept["body"], True
    if kept is not None:
        return 400, json.dumps(_key_reused(request.key).body), False
    status, body, executed = _run(context, request, params)
    if request.method == "POST" and request.key and executed:
        context.store.keep(request.key, fingerprint, status, body, context.at)
    return status, body, False


def _key_reused(key: str) -> Refusal:
    message = (
        "Keys for idempotent requests can only be used with the same parameters they were first used with. "
        f"Try using a key other than '{key}' if you meant to execute a different request."
    )
    return Refusal(400, {"message": message, "type": "idempotency_error"})


def _run(context: Context, request: Request, params: Params) -> tuple[int, str, bool]:
    try:
        _authenticate(request.authorization)
        thing = endpoint_for(request.method, request.path)(context, params)
        return 200, json.dumps(expanded(context, dict(thing), params.get("expand") or []), indent=2), True
    except Refusal as refusal:
        return refusal.status, json.dumps(refusal.body, indent=2), refusal.executed


def _authenticate(authorization: str) -> None:
    scheme, _, value = authorization.partition(" ")
    key = b64decode(value).decode().partition(":")[0] if scheme == "Basic" else value
    if scheme not in ("Bearer", "Basic") or not key:
        raise unauthorized("You did not provide an API key.")
    if key.startswith(("sk_test_", "sk_live_", "rk_")):
        # A real key must never come here: it belongs to Stripe.
        raise unauthorized(f"Invalid API Key provided: {key[:8]}****")


def _headers(context: Context, *, replayed: bool) -> dict[str, str]:
    headers = {"Request-Id": context.request_id or "", "Stripe-Version": API_VERSION}
    if context.key:
        headers["Idempotency-Key"] = context.key
    return headers | ({"Idempotent-Replayed": "true"} if replayed else {})


def _record(context: Context, request: Request, params: Params, status: int, replayed: bool) -> None:
    call = (context.at, request.method, request.path, json.dumps(params), context.key, status, replayed)
    context.store.record(call)
