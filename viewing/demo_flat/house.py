"""The shell of the demo flat: floors, ceilings, walls with their openings, frames, skirtings and linings."""

from __future__ import annotations

from collections.abc import Iterator

from viewing.demo_flat import plan
from viewing.demo_flat.plan import Opening, Room, Wall
from viewing.demo_flat.shapes import Range, Solid, about, box

LINED = {"kitchen": "kitchen_wall", "bathroom": "bath_wall", "bedroom": "wall_blue", "study": "wall_sage"}
"""Rooms whose walls are not the white of the living room, and what they wear."""

LINING = 0.006

Rectangle = tuple[Range, Range]
"""A part of a wall: along it and upwards."""


def shell() -> list[Solid]:
    """Return everything that belongs to the building."""
    parts = [part for room in plan.ROOMS for part in (*_slabs(room), *_linings(room), *_skirtings(room))]
    for wall in plan.WALLS:
        parts += [_piece(wall, along, up, "wall") for along, up in pieces(wall.along, wall.openings)]
        parts += [part for opening in wall.openings for part in _frame(wall, opening)]
    return parts + _entrance()


def pieces(along: Range, openings: tuple[Opening, ...], height: float = plan.HEIGHT) -> Iterator[Rectangle]:
    """Yield the rectangles (along, up) that are left of a wall around its openings."""
    start = along[0]
    for opening in openings:
        yield (start, opening.along[0]), (0.0, height)
        yield opening.along, (opening.up[1], height)
        if opening.up[0] > 0:
            yield opening.along, (0.0, opening.up[0])
        start = opening.along[1]
    if start < along[1]:
        yield (start, along[1]), (0.0, height)


def _slabs(room: Room) -> tuple[Solid, Solid]:
    x, z = (room.x[0] - 0.06, room.x[1] + 0.06), (room.z[0] - 0.1, room.z[1] + 0.1)
    floor = box(x, (-0.12, 0.0), z, room.floor)
    return floor, box(x, (plan.HEIGHT, plan.HEIGHT + 0.12), z, "ceiling")


def _piece(wall: Wall, along: Range, up: Range, material: str) -> Solid:
    return _upright(wall.axis, wall.across, (along, up), material)


def _upright(axis: str, across: Range, face: Rectangle, material: str, *, detail: bool = False) -> Solid:
    along, up = face
    x, z = (along, across) if axis == "x" else (across, along)
    return box(x, up, z, material, detail=detail)


def _faces(room: Room) -> Iterator[tuple[str, Range, float, float, tuple[Opening, ...]]]:
    """Yield each inner wall face: its axis, its length, its place, the way inwards and the openings in it."""
    for axis, along, across in (("x", room.x, room.z), ("z", room.z, room.x)):
        for place, inwards in ((across[0], 1.0), (across[1], -1.0)):
            yield axis, along, place, inwards, _openings(axis, place, along)


def _openings(axis: str, place: float, along: Range) -> tuple[Opening, ...]:
    walls = [wall for wall in plan.WALLS if wall.axis == axis and wall.across[0] <= place <= wall.across[1]]
    found = [opening for wall in walls for opening in wall.openings]
    return tuple(
        opening for opening in found if along[0] <= opening.along[0] and opening.along[1] <= along[1]
    )


def _thin(place: float, inwards: float, thickness: float) -> Range:
    return (min(place, place + inwards * thickness), max(place, place + inwards * thickness))


def _linings(room: Room) -> list[Solid]:
    material = LINED.get(room.slug)
    if material is None:
        return []
    return [
        _upright(axis, _thin(place, inwards, LINING), (span, up), material)
        for axis, along, place, inwards, openings in _faces(room)
        for span, up in pieces(along, openings)
    ]


def _skirtings(room: Room) -> list[Solid]:
    if room.slug in ("kitchen", "bathroom", "balcony"):
        return []
    parts = []
    for axis, along, place, inwards, openings in _faces(room):
        doors = tuple(opening for opening in openings if opening.up[0] == 0)
        for span, up in pieces(along, doors):
            parts += _trims(axis, span, up, (place, inwards))
    return parts


def _trims(axis: str, span: Range, up: Range, face: tuple[float, float]) -> list[Solid]:
    """Return the skirting and the cornice of one piece of wall, where it reaches floor or ceiling."""
    top = (plan.HEIGHT - 0.06, plan.HEIGHT)
    cornice = _upright(axis, _thin(*face, 0.035), (span, top), "trim", detail=True)
    if up[0] > 0:
        return [cornice]
    return [cornice, _upright(axis, _thin(*face, 0.014), (span, (0.0, 0.09)), "trim", detail=True)]


def _frame(wall: Wall, opening: Opening) -> list[Solid]:
    if opening.kind == "window":
        return _window(wall, opening)
    return _casing(wall, opening)


def _casing(wall: Wall, opening: Opening) -> list[Solid]:
    """Return the lining and architrave of a doorway."""
    across = (wall.across[0] - 0.012, wall.across[1] + 0.012)
    material = "door" if opening.kind == "door" else "trim"
    (left, right), top = opening.along, opening.up[1]
    sides = ((left - 0.05, left + 0.02), (right - 0.02, right + 0.05))
    posts = [_upright(wall.axis, across, (side, (0.0, top)), material) for side in sides]
    return [
        *posts,
        _upright(wall.axis, across, ((left - 0.05, right + 0.05), (top - 0.02, top + 0.05)), material),
    ]


def _window(wall: Wall, opening: Opening) -> list[Solid]:
    """Return the frame, the mullions and the sill of a window; the glass itself is not drawn."""
    (left, right), (sill, top) = opening.along, opening.up
    across = about(sum(wall.across) / 2, 0.03)
    count = max(2, round((right - left) / 0.9))
    posts = [left + 0.025 + (right - left - 0.05) * k / count for k in range(count + 1)]
    frame = [_upright(wall.axis, across, (about(post, 0.025), (sill, top)), "window_frame") for post in posts]
    rails = (sill + 0.025, top - 0.025, sill + (top - sill) * 0.3)
    frame += [
        _upright(wall.axis, across, (opening.along, about(rail, 0.024)), "window_frame") for rail in rails
    ]
    ledge = (
        (wall.across[0], wall.across[1] + 0.03)
        if wall.across[1] <= 0
        else (wall.across[0] - 0.03, wall.across[1])
    )
    return [*frame, _upright(wall.axis, ledge, (opening.along, (sill - 0.03, sill + 0.008)), "marble")]


def _entrance() -> list[Solid]:
    """Return the closed entrance door in the north wall and the open leaves of the inner doors."""
    z = 7.0
    panels = [
        box((0.5, 1.3), up, (z - 0.055, z - 0.04), "walnut", detail=True)
        for up in ((0.15, 0.95), (1.08, 1.95))
    ]
    return [
        box((0.35, 1.45), (0.0, 2.15), (z - 0.03, z), "door"),
        box((0.4, 1.4), (0.0, 2.1), (z - 0.045, z - 0.01), "walnut_upright"),
        *panels,
        box((1.27, 1.33), (0.93, 1.13), (z - 0.09, z - 0.05), "brass", detail=True),
        box((-0.97, -0.13), (0.01, 2.07), (3.375, 3.415), "door"),
        box((4.53, 5.36), (0.01, 2.07), (4.04, 4.08), "door"),
        box((4.53, 5.28), (0.01, 2.07), (4.67, 4.71), "door"),
    ]
