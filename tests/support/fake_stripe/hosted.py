"""The hosted pages: Checkout's card form and the bank's 3-D Secure step."""

from __future__ import annotations

import html
from datetime import UTC, datetime
from pathlib import Path
from string import Template

from tests.support.fake_stripe import cards, intents, sessions
from tests.support.fake_stripe.charges import authorise
from tests.support.fake_stripe.context import Context, Thing
from tests.support.fake_stripe.wire import Params, Refusal, card_error

FOLDER = Path(__file__).parent / "pages"
WORDS = {
    "zh": {
        "lang": "zh-Hans", "title": "付款", "back": "返回", "pay": "支付", "hold": "授权",
        "email": "电子邮箱",
        "number": "卡号", "expiry": "有效期（月/年）", "cvc": "安全码", "name": "持卡人姓名",
        "notice": "本机模拟的支付页面：没有真实资金流动。",
        "closed": "此付款页面已关闭。", "step": "银行验证", "ask": "您的银行要求确认这笔付款。",
        "yes": "确认付款", "no": "拒绝", "cards": "测试卡",
        "ok": "成功", "declined": "被拒", "challenge": "需要银行验证",
    },
    "en": {
        "lang": "en", "title": "Payment", "back": "Back", "pay": "Pay", "hold": "Authorise", "email": "Email",
        "number": "Card number", "expiry": "Expiry (MM / YY)", "cvc": "Security code", "name": "Name on card",
        "notice": "A payment page simulated on this machine: no real money moves.",
        "closed": "This payment page is closed.", "step": "Bank verification",
        "ask": "Your bank asks you to confirm this payment.",
        "yes": "Confirm payment", "no": "Refuse", "cards": "Test cards",
        "ok": "pays", "declined": "is declined",
        "challenge": "asks for verification",
    },
}  # fmt: skip


IN_CHINESE = {
    "card_declined": "您的银行卡被拒绝。",
    "incorrect_number": "卡号不正确。",
    "invalid_expiry_month": "有效期不完整。",
    "invalid_expiry_year": "银行卡已过期。",
    "invalid_cvc": "安全码不完整。",
    "payment_intent_authentication_failure": "银行验证未通过，请换一张卡再试。",
}


class Redirect(Exception):
    """The browser is sent elsewhere."""


def page(name: str, language: str, **values: object) -> str:
    """Return a page with its words and (escaped) values filled in."""
    safe = {key: html.escape(str(value)) for key, value in values.items()}
    body = Template((FOLDER / f"{name}.html").read_text()).substitute(WORDS[language], **safe)
    return Template((FOLDER / "frame.html").read_text()).substitute(WORDS[language], body=body)


def language_of(session: Thing | None, accept_language: str) -> str:
    """Return the page's language: the session's, else the browser's."""
    wanted = (session or {}).get("locale") or "auto"
    wanted = accept_language if wanted == "auto" else wanted
    return "zh" if wanted.startswith("zh") else "en"


def checkout(context: Context, identifier: str, accept_language: str, refusal: Refusal | None = None) -> str:
    """Return the card form of an open session, with why the last card did not pay."""
    session = context.fetch("checkout.session", identifier)
    language = language_of(session, accept_language)
    if session["status"] != "open":
        return page(
            "closed",
            language,
            url=session["success_url" if session["status"] == "complete" else "cancel_url"],
        )
    data = context.store.setting(f"intent data of {identifier}", {})
    verb = WORDS[language]["hold" if data.get("capture_method") == "manual" else "pay"]
    amount = f"¥{session['amount_total'] / 100:,.2f}"
    shown = {
        "amount": amount,
        "verb": verb,
        "error": _reason(refusal.body["error"] if refusal else _last_error(context, session), language),
        "product": context.store.setting(f"name of {identifier}", ""),
    }
    known = {"mail": session["customer_email"] or "", "url": session["cancel_url"] or session["success_url"]}
    return page("checkout", language, session=identifier, **shown, **known)


def _reason(error: Thing | None, language: str) -> str:
    if error is None:
        return ""
    said: str = error["message"]
    return IN_CHINESE.get(error.get("code", ""), said) if language == "zh" else said


def _last_error(context: Context, session: Thing) -> Thing | None:
    intent = context.store.get(session["payment_intent"] or "")
    return intent["last_payment_error"] if intent else None


def submit(context: Context, identifier: str, form: Params) -> None:
    """Pay an open session with what was typed.

    :raises Refusal: if the card does not pay
    :raises Redirect: to the shop, or to the bank's step
    """
    session = context.fetch("checkout.session", identifier)
    if session["status"] != "open":
        raise Redirect(f"/c/pay/{identifier}")
    today = datetime.fromtimestamp(context.at, UTC)
    cards.check_details(form, today.year, today.month)
    card = cards.by_number(str(form.get("cardNumber", "")))
    intent = sessions.pay(context, session, card, str(form.get("email", "")))
    raise Redirect(f"/3ds/{intent['id']}" if intent["status"] == "requires_action" else success(session))


def success(session: Thing) -> str:
    """Return where a paid session sends the browser."""
    url: str = session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"])
    return url


def challenge(context: Context, identifier: str, accept_language: str) -> str:
    """Return the bank's question."""
    intent = context.fetch("payment_intent", identifier)
    language = language_of(sessions.of_intent(context, intent), accept_language)
    if intent["status"] != "requires_action":
        return page("closed", language, url="")
    return page("challenge", language, intent=identifier, amount=f"¥{intent['amount'] / 100:,.2f}")


def answer_challenge(context: Context, identifier: str, form: Params) -> None:
    """Finish or fail the payment as the bank's customer says.

    :raises Redirect: back to the shop or to the card form
    """
    intent = context.fetch("payment_intent", identifier)
    if intent["status"] != "requires_action":
        raise Redirect(f"/3ds/{identifier}")
    session = sessions.of_intent(context, intent)
    back = intent["next_action"]["redirect_to_url"]["return_url"] or ""
    if form.get("answer") == "yes":
        authorise(context, intent, intents.challenged_card(context, intent))
    else:
        intents.fail(context, intent, _refused())
    if session is None:
        done = "succeeded" if form.get("answer") == "yes" else "failed"
        raise Redirect(f"{back}?payment_intent={identifier}&redirect_status={done}")
    sessions.complete(context, session, intent)
    raise Redirect(success(session) if session["status"] == "complete" else f"/c/pay/{session['id']}")


def _refused() -> Refusal:
    message = (
        "We are unable to authenticate your payment method. "
        "Please choose a different payment method and try again."
    )
    return card_error(message, "payment_intent_authentication_failure")
