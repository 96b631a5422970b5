"""The viewing's tables."""

from __future__ import annotations

from viewing.models.tour import Hotspot, Panorama, Scene, Tour

__all__ = ["Hotspot", "Panorama", "Scene", "Tour"]
