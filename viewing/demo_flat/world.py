"""The whole flat as arrays, and what a ray that met a solid found there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from viewing.demo_flat import furnishing, house, plan
from viewing.demo_flat.cast import Flags, Floats, Places, Whole, dot, taken
from viewing.demo_flat.materials import Material, every_material
from viewing.demo_flat.shapes import Form, Solid

FACES = 6
CURVED = 6
"""The face of a curved side in a key; a flat one is axis * 2, + 1 where it faces up that axis."""


@dataclass(frozen=True)
class World:
    """The solids and their materials; positions in `solids` are what the arrays speak of."""

    solids: tuple[Solid, ...]
    materials: dict[str, Material]

    @cached_property
    def low(self) -> Floats:
        """Return the lower bounds, (3, solids)."""
        return np.array([solid.low for solid in self.solids], np.float32).T

    @cached_property
    def high(self) -> Floats:
        """Return the upper bounds, (3, solids)."""
        return np.array([solid.high for solid in self.solids], np.float32).T

    @cached_property
    def form(self) -> Whole:
        """Return the form of each solid."""
        return np.array([solid.form for solid in self.solids], np.int32)

    @cached_property
    def material(self) -> Whole:
        """Return the position of each solid's material."""
        names = list(self.materials)
        return np.array([names.index(solid.material) for solid in self.solids], np.int32)

    @cached_property
    def mean(self) -> Floats:
        """Return the mean reflectance of each solid, (3, solids)."""
        means = np.array([material.mean for material in self.materials.values()], np.float32)
        return np.ascontiguousarray(means[self.material].T)

    def overlapping(self, low: Floats, high: Floats, *, details: bool = False) -> list[int]:
        """Return the positions of the solids that reach into the bounds."""
        inside = ((self.low < high[:, None]) & (self.high > low[:, None])).all(axis=0)
        return [int(k) for k in np.flatnonzero(inside) if details or not self.solids[int(k)].detail]

    def around(self, room: plan.Room) -> list[int]:
        """Return what secondary rays from a room can meet: its own furniture and the building all round."""
        low = np.array([room.x[0] - 0.3, -1, room.z[0] - 0.3], np.float32)
        high = np.array([room.x[1] + 0.3, 4, room.z[1] + 0.3], np.float32)
        near = set(self.overlapping(low, high))
        return [k for k in range(len(self.solids)) if k in near or self._structural(k)]

    def _structural(self, position: int) -> bool:
        size = self.high[:, position] - self.low[:, position]
        return bool(np.sort(size)[1] > 1.4) and not self.solids[position].detail


@dataclass(frozen=True)
class Surface:
    """Points (3, n) where rays met solids: solid, face and outward normal; `key` tells faces apart."""

    point: Floats
    normal: Floats
    solid: Whole
    face: Whole
    key: Whole

    def part(self, some: Places) -> Surface:
        """Return the chosen points."""
        return Surface(
            taken(self.point, some),
            taken(self.normal, some),
            self.solid[some],
            self.face[some],
            self.key[some],
        )


def demo_world() -> World:
    """Return the furnished flat."""
    return World((*house.shell(), *furnishing.everything()), every_material())


def surface(world: World, point: Floats, solid: Whole) -> Surface:
    """Return the surface at points that lie on the given solids."""
    low, high = taken(world.low, solid), taken(world.high, solid)
    half = (high - low) / 2
    inside = (point - low - half) / half
    normal, round_side = _normal(world.form[solid], inside, half)
    axis = np.argmax(np.abs(normal), axis=0).astype(np.int32)
    towards = np.take_along_axis(normal, axis[None], axis=0)[0] > 0
    face = axis * 2 + towards
    return Surface(point, normal, solid, face, solid * 8 + np.where(round_side, CURVED, face))


def _normal(form: Whole, inside: Floats, half: Floats) -> tuple[Floats, Flags]:
    """Return the outward normals and which of them lie on curved sides."""
    axis = np.argmax(np.abs(inside), axis=0)
    flat = (np.arange(3)[:, None] == axis) * np.sign(inside)
    side = (form == Form.PILLAR) & (np.hypot(inside[0], inside[2]) > np.abs(inside[1]) - 1e-4)
    curved = (form == Form.ELLIPSOID) | side
    cap = (form == Form.PILLAR) & ~side
    bent = inside / half
    bent[1] = np.where(side, 0, bent[1])
    bent = bent / np.maximum(np.sqrt(dot(bent, bent)), 1e-9)
    flat = np.where(cap, np.array([0, 1, 0])[:, None] * np.sign(inside[1]), flat)
    return np.where(curved, bent, flat).astype(np.float32), curved
