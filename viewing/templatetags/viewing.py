"""Tags that pages with scenes use."""

from __future__ import annotations

from django import template

from viewing import queries
from viewing.models import Photo, Scene

register = template.Library()


@register.simple_tag
def still(scene: Scene) -> str:
    """Return the address of the picture of a ready scene's start view."""
    return queries.still_of(scene)


@register.simple_tag
def photo_address(photo: Photo) -> str:
    """Return the address of a published photograph."""
    return queries.address_of(photo)
