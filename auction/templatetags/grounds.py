"""Grounds of refusal for templates: their sentences are in templates/elements/ground.html."""

from __future__ import annotations

from django import template

from auction.rules.grounds import Ground

register = template.Library()


@register.simple_tag
def all_grounds() -> list[Ground]:
    """Return every ground of refusal."""
    return list(Ground)


@register.filter
def as_ground(code: str) -> Ground | None:
    """Return the ground of this code; an address may carry any code at all."""
    return next((ground for ground in Ground if ground.code == code), None)
