"""How Stripe's API speaks: bracketed forms in, JSON out, refusals as error objects.

Source: docs.stripe.com/api/errors, docs.stripe.com/error-codes.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

Params = dict[str, Any]


class Refusal(Exception):
    """A request that Stripe answers with an error.

    ``executed`` tells whether the endpoint had begun: only then is the answer kept for the idempotency key.
    """

    def __init__(self, status: int, error: dict[str, Any], *, executed: bool = False) -> None:
        super().__init__(error["message"])
        self.status = status
        self.body = {"error": error}
        self.executed = executed


def invalid(message: str, *, code: str = "", param: str = "", executed: bool = False) -> Refusal:
    """Return a 400 ``invalid_request_error``."""
    error = {"message": message, "type": "invalid_request_error"}
    if code:
        error |= {"code": code, "doc_url": f"https://stripe.com/docs/error-codes/{code.replace('_', '-')}"}
    if param:
        error["param"] = param
    return Refusal(400, error, executed=executed)


def missing(kind: str, identifier: str, param: str) -> Refusal:
    """Return the 404 for an object that does not exist."""
    refusal = invalid(f"No such {kind}: '{identifier}'", code="resource_missing", param=param)
    refusal.status = 404
    return refusal


def unauthorized(message: str) -> Refusal:
    """Return the 401 for a missing or wrong key."""
    return Refusal(401, {"message": message, "type": "invalid_request_error"})


def card_error(message: str, code: str, **details: Any) -> Refusal:
    """Return the 402 of a card that did not pay; it is an outcome, so it is kept for the key."""
    error = {"message": message, "type": "card_error", "code": code, **details}
    return Refusal(402, error, executed=True)


def unfold(form: str) -> Params:
    """Return nested parameters from ``a[b][0][c]=d`` pairs; all leaves are strings."""
    tree: Params = {}
    for name, value in parse_qsl(form, keep_blank_values=True):
        _put(tree, name.replace("]", "").split("["), value)
    return {key: _lists(value) for key, value in tree.items()}


def _put(tree: Params, path: list[str], value: str) -> None:
    for step in path[:-1]:
        tree = tree.setdefault(step, {})
    tree[path[-1] or str(len(tree))] = value


def _lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if all(key.isdigit() for key in value):
        return [_lists(value[key]) for key in sorted(value, key=int)]
    return {key: _lists(item) for key, item in value.items()}


def accept(params: Params, names: set[str]) -> None:
    """Refuse a parameter that this endpoint does not take."""
    for name in params:
        if name not in names | {"expand"}:
            raise invalid(f"Received unknown parameter: {name}", code="parameter_unknown", param=name)


def text(params: Params, name: str) -> str:
    """Return a parameter that must be there."""
    if not params.get(name):
        raise invalid(f"Missing required param: {name}.", code="parameter_missing", param=name)
    return str(params[name])


def whole(params: Params, name: str, default: int | None = None) -> int:
    """Return a whole number; without a default it must be there."""
    if default is not None and name not in params:
        return default
    try:
        return int(text(params, name))
    except ValueError:
        message = f"Invalid integer: {params[name]}"
        raise invalid(message, code="parameter_invalid_integer", param=name) from None


def chosen(params: Params, name: str, choices: tuple[str, ...]) -> str:
    """Return one of the choices, the first when the parameter is absent."""
    value = str(params.get(name, choices[0]))
    if value not in choices:
        raise invalid(f"Invalid {name}: must be one of {', '.join(choices)}", param=name)
    return value


# 99999999 is the most Stripe takes in one payment of a two-decimal currency (docs.stripe.com/currencies,
# "eight digits"). The least is 0.50 USD or its worth; 4 yuan stands for it here.
MOST, LEAST = 99_999_999, 400


def money(amount: int, currency: str, param: str = "amount") -> int:
    """Return the amount if Stripe would take it in one payment."""
    sign = "¥" if currency == "cny" else f"{currency.upper()} "
    if amount > MOST:
        message = f"Amount must be no more than {sign}{MOST / 100:,.2f}"
        raise invalid(message, code="amount_too_large", param=param)
    if amount < LEAST:
        message = f"Amount must be at least {sign}{LEAST / 100:,.2f}"
        raise invalid(message, code="amount_too_small", param=param)
    return amount
