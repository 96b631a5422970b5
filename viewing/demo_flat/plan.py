"""The plan of the demo flat: rooms, openings, cameras. Metres, x east, z north, the floor at 0."""

from __future__ import annotations

from dataclasses import dataclass

from viewing.demo_flat.shapes import Range, Vector

HEIGHT = 2.7
INNER, OUTER = 0.12, 0.2
EYE = 1.5


@dataclass(frozen=True)
class Room:
    """One room: its inside, its floor, its camera and the yaw and pitch first seen."""

    slug: str
    name: str
    x: Range
    z: Range
    floor: str
    camera: Vector
    view: tuple[float, float]
    description: str


@dataclass(frozen=True)
class Opening:
    """A hole in a wall, along it and upwards; `rooms` are the slugs it joins, None for outdoors."""

    kind: str
    along: Range
    up: Range
    rooms: tuple[str, str | None]


@dataclass(frozen=True)
class Wall:
    """A wall: the axis it runs along (`x` or `z`), its length, its thickness, its openings in order."""

    axis: str
    along: Range
    across: Range
    openings: tuple[Opening, ...] = ()


ROOMS = (
    Room(
        "living", "客厅", (0.0, 4.4), (0.0, 7.0), "oak_floor", (2.3, EYE, 3.75), (-152.0, -9.0),
        "客厅连餐厅，约31平方米，木地板，南接阳台。东墙木格栅前为电视柜，西墙为三人沙发，北侧为四人餐桌。"
        "东侧两门通主卧、卫生间，西侧通书房、厨房，北墙为入户门。沙发前木地板有划痕。",
    ),
    Room(
        "kitchen", "厨房", (-3.52, -0.12), (3.62, 7.0), "floor_tile", (-1.0, EYE, 5.0), (-62.0, -12.0),
        "厨房约11平方米，北窗。L形橱柜，西墙设灶台与油烟机，窗下为水槽，南侧为冰箱。灶台前一块地砖开裂。",
    ),
    Room(
        "bedroom", "主卧", (4.52, 8.4), (0.0, 4.2), "oak_floor", (5.75, EYE, 2.6), (124.0, -11.0),
        "主卧约16平方米，南窗，木地板。1.8米双人床，北墙整面衣柜，西墙为梳妆台。未见明显瑕疵。",
    ),
    Room(
        "study", "书房", (-3.52, -0.12), (0.0, 3.5), "grey_floor", (-1.35, EYE, 1.95), (-128.0, -9.0),
        "书房（次卧）约12平方米，南窗下为书桌，西墙为书架，北侧为单人床。窗西侧墙面受潮起皮。",
    ),
    Room(
        "bathroom", "卫生间", (4.52, 7.0), (4.32, 7.0), "bath_floor", (5.25, EYE, 5.55), (58.0, -6.0),
        "卫生间约6.6平方米，北墙高窗。设坐便器、洗手台与淋浴间。淋浴间上方顶角有渗水痕迹。",
    ),
    Room(
        "balcony", "阳台", (0.0, 4.4), (-1.6, -0.2), "balcony_floor", (2.3, EYE, -0.95), (142.0, -8.0),
        "南阳台约6平方米，封闭式玻璃窗。西端为洗衣机，东端为休闲椅与绿植。未见明显瑕疵。",
    ),
)  # fmt: skip


def _window(room: str, along: Range, up: Range) -> tuple[Opening]:
    return (Opening("window", along, up, (room, None)),)


def _door(room: str, along: Range) -> Opening:
    return Opening("door", along, (0.0, 2.1), ("living", room))


def _archway(room: str, along: Range, top: float) -> Opening:
    return Opening("archway", along, (0.0, top), ("living", room))


WALLS = (
    Wall("x", (-3.72, 0.0), (-OUTER, 0.0), _window("study", (-2.9, -0.8), (0.9, 2.4))),
    Wall("x", (0.0, 4.4), (-OUTER, 0.0), (_archway("balcony", (0.45, 3.95), 2.4),)),
    Wall("x", (4.4, 8.6), (-OUTER, 0.0), _window("bedroom", (5.3, 7.7), (0.5, 2.4))),
    Wall("x", (-3.72, -0.12), (3.5, 3.62)),
    Wall("x", (-3.72, 0.0), (7.0, 7.2), _window("kitchen", (-2.5, -0.9), (1.05, 2.3))),
    Wall("x", (0.0, 4.4), (7.0, 7.2)),
    Wall("x", (4.4, 7.2), (7.0, 7.2), _window("bathroom", (5.2, 6.1), (1.45, 2.3))),
    Wall("x", (4.52, 8.4), (4.2, 4.32)),
    Wall("z", (-OUTER, 7.2), (-3.72, -3.52)),
    Wall("z", (0.0, 7.0), (-INNER, 0.0), (_door("study", (2.55, 3.4)), _archway("kitchen", (4.5, 5.9), 2.2))),
    Wall("z", (0.0, 7.0), (4.4, 4.52), (_door("bedroom", (3.2, 4.05)), _door("bathroom", (4.72, 5.5)))),
    Wall("z", (-OUTER, 4.32), (8.4, 8.6)),
    Wall("z", (4.2, 7.2), (7.0, 7.2)),
    Wall("z", (-1.8, -OUTER), (-OUTER, 0.0)),
    Wall("z", (-1.8, -OUTER), (4.4, 4.6)),
    Wall("x", (0.0, 4.4), (-1.8, -1.6), _window("balcony", (0.1, 4.3), (0.95, 2.55))),
)


@dataclass(frozen=True)
class Mark:
    """A point whose place in every picture is known: a defect, or a corner that a test can look for."""

    slug: str
    room: str
    kind: str
    text: str
    at: Vector


MARKS = (
    Mark("ceiling-stain", "bathroom", "defect", "淋浴间上方顶角有渗水痕迹，约0.5平方米", (6.6, HEIGHT, 6.55)),
    Mark("cracked-tile", "kitchen", "defect", "灶台前地砖一块开裂，裂纹贯穿整块", (-2.1, 0.0, 5.1)),
    Mark("scratched-floor", "living", "defect", "沙发前木地板划痕，最长约0.5米", (1.45, 0.0, 2.95)),
    Mark("damp-wall", "study", "defect", "窗台西侧墙面受潮，涂料起皮", (-3.2, 0.95, 0.0)),
    Mark("television-corner", "living", "corner", "", (4.33, 1.58, 0.95)),
    Mark("entrance-lock", "living", "corner", "", (1.3, 1.03, 6.91)),
    Mark("study-window-corner", "study", "corner", "", (-2.9, 2.4, 0.0)),
    Mark("bedroom-window-corner", "bedroom", "corner", "", (5.3, 2.4, 0.0)),
)
"""Defects (which hotspots point to) and corners (for tests only)."""
