"""The viewing's tables."""

from __future__ import annotations

from viewing.models.panorama import Panorama
from viewing.models.photo import Photo
from viewing.models.scene import Hotspot, Scene
from viewing.models.tour import Tour

__all__ = ["Hotspot", "Panorama", "Photo", "Scene", "Tour"]
