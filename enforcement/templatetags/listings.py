"""What the wizard's pages need from forms whose fields are numbered."""

from __future__ import annotations

from django import template
from django.forms import BoundField

from auction.rules.announcement import ITEMS, WAIVABLE
from auction.services.announce import Texts
from enforcement.forms.listing import AnnouncementForm

register = template.Library()


@register.filter
def items(texts: Texts) -> list[tuple[int, str]]:
    """Return the eleven items by number with their text, or the reason why one is not published."""
    return [(slot.number, texts.items.get(slot.number, texts.waived.get(slot.number, ""))) for slot in ITEMS]


@register.filter
def addition(form: AnnouncementForm, number: int) -> BoundField:
    """Return the field for what is added to an item."""
    return form[f"text_{number}"]


@register.filter
def waiver(form: AnnouncementForm, number: int) -> BoundField | None:
    """Return the field for the legal reason not to publish an item, if the law knows one."""
    return form[f"waived_{number}"] if number in WAIVABLE else None
