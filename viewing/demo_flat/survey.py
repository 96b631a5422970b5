"""What is known of the demo flat exactly: where every door, window and defect lies in every picture."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from viewing.demo_flat.cast import nearest, rays
from viewing.demo_flat.plan import HEIGHT, MARKS, ROOMS, WALLS, Mark, Opening, Room, Wall
from viewing.demo_flat.shapes import Vector
from viewing.demo_flat.world import World

FOV = 80.0
"""Angle over the geometric mean of the viewer's sides at the start of a scene."""

STEP, STEEPEST = 0.35, -24.0
"""Links hang this high in a doorway, but never steeper under the eye than this."""

TITLE = "示例：三居室住宅"


def survey(world: World) -> dict[str, Any]:
    """Return the flat as JSON values: walls, and for each scene its view, hotspots and known points."""
    return {
        "version": 1,
        "title": TITLE,
        "axes": "x right (yaw 90), y up, z ahead (yaw 0), metres; angles in degrees",
        "height": HEIGHT,
        "start": ROOMS[0].slug,
        "walls": [_wall(wall) for wall in WALLS],
        "scenes": [_scene(world, room) for room in ROOMS],
    }


def bearing(camera: Vector, at: Vector) -> tuple[float, float]:
    """Return the yaw and pitch in degrees at which a camera sees a point."""
    x, y, z = (to - here for to, here in zip(at, camera, strict=True))
    return round(float(np.degrees(np.arctan2(x, z))), 4), round(
        float(np.degrees(np.arctan2(y, np.hypot(x, z)))), 4
    )


def sees(world: World, camera: Vector, at: Vector) -> bool:
    """Return whether nothing stands between the camera and a point (which may lie on a surface)."""
    towards = np.array(at, np.float32) - np.array(camera, np.float32)
    away = float(np.linalg.norm(towards))
    origin = np.array(camera, np.float32)[:, None]
    distance, _ = nearest(world.solids, rays(origin, (towards / away)[:, None].astype(np.float32)))
    return bool(distance[0] > away - 0.03)


def _scene(world: World, room: Room) -> dict[str, Any]:
    yaw, pitch = room.view
    return {
        "id": room.slug,
        "file": f"{room.slug}.jpg",
        "name": room.name,
        "description": room.description,
        "room": {"x": room.x, "z": room.z},
        "camera": room.camera,
        "view": {"yaw": yaw, "pitch": pitch, "fov": FOV},
        "hotspots": [*_links(room), *_defects(room)],
        "points": [_point(room, mark) for mark in MARKS if sees(world, room.camera, mark.at)],
    }


def _links(room: Room) -> Iterator[dict[str, Any]]:
    names = {each.slug: each.name for each in ROOMS}
    for wall, opening in [(each, hole) for each in WALLS for hole in each.openings]:
        if room.slug in opening.rooms and opening.rooms[1] is not None:
            target = next(slug for slug in opening.rooms if slug not in (room.slug, None))
            yaw, pitch = bearing(room.camera, _threshold(wall, opening))
            yield {
                "kind": "link",
                "yaw": yaw,
                "pitch": max(pitch, STEEPEST),
                "target": target,
                "text": f"去{names[str(target)]}",
            }


def _threshold(wall: Wall, opening: Opening) -> Vector:
    """Return the middle of a doorway, STEP above the floor."""
    along, across = sum(opening.along) / 2, sum(wall.across) / 2
    return (along, STEP, across) if wall.axis == "x" else (across, STEP, along)


def _defects(room: Room) -> Iterator[dict[str, Any]]:
    for mark in MARKS:
        if mark.room == room.slug and mark.kind == "defect":
            yaw, pitch = bearing(room.camera, mark.at)
            yield {"kind": "defect", "yaw": yaw, "pitch": pitch, "target": None, "text": mark.text}


def _point(room: Room, mark: Mark) -> dict[str, Any]:
    yaw, pitch = bearing(room.camera, mark.at)
    return {"id": mark.slug, "at": mark.at, "yaw": yaw, "pitch": pitch}


def _wall(wall: Wall) -> dict[str, Any]:
    openings = [
        {"kind": each.kind, "along": each.along, "up": each.up, "rooms": each.rooms} for each in wall.openings
    ]
    return {"axis": wall.axis, "along": wall.along, "across": wall.across, "openings": openings}
