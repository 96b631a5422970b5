import assert from "node:assert/strict";
import { test } from "node:test";

import { direction, dot } from "../../static/js/viewer/geometry.js";
import { address, parent, quad, sharp, visible } from "../../static/js/viewer/tiles.js";

const PYRAMID = { template: "/tiles/abc/{face}/{level}/{y}_{x}.jpg", tile: 512, levels: [512, 1024, 2048] };
const DESK = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 520 };

/** Where a direction lies in a face's picture by tests' own reading of the convention: (s, t) from -1 to 1. */
const ON_FACE = {
  f: ([x, y, z]) => [x / z, -y / z],
  r: ([x, y, z]) => [-z / x, -y / x],
  b: ([x, y, z]) => [x / z, y / z],
  l: ([x, y, z]) => [-z / x, y / x],
  u: ([x, y, z]) => [x / y, z / y],
  d: ([x, y, z]) => [-x / y, z / y],
};

for (const [face, yaw, pitch] of [["f", 10, 15], ["r", 100, -20], ["b", -170, 5], ["l", -75, -30], ["u", 33, 70], ["d", -140, -65]]) {
  test(`the tile of face ${face} that the convention names holds the direction ${yaw}/${pitch}`, () => {
    const towards = direction(yaw, pitch);
    const [s, t] = ON_FACE[face](towards);
    const [x, y] = [s, t].map((value) => Math.floor(((value + 1) / 2) * 4));

    const { corner, across, down } = quad({ face, level: 2, y, x }, 4);

    const [right, below] = [((s + 1) / 2) * 4 - x, ((t + 1) / 2) * 4 - y];
    const point = corner.map((value, i) => value + across[i] * right + down[i] * below);
    assert.ok(dot(point, towards) / Math.hypot(...point) > 0.999999);
  });
}

test("the tile in the middle of the view comes first", () => {
  const [first] = visible({ yaw: 95, pitch: 3, fov: 70 }, DESK, PYRAMID, 2);

  assert.equal(first.face, "r");
});

test("a narrow view needs few tiles and none from behind", () => {
  const tiles = visible({ yaw: 0, pitch: 0, fov: 40 }, PHONE, PYRAMID, 2);

  assert.ok(tiles.length <= 8);
  assert.deepEqual([...new Set(tiles.map(({ face }) => face))], ["f"]);
});

test("a view straight down needs the floor face", () => {
  const faces = visible({ yaw: 0, pitch: -88, fov: 60 }, PHONE, PYRAMID, 0).map(({ face }) => face);

  assert.ok(faces.includes("d") && !faces.includes("u"));
});

test("every direction that is seen lies on a visible tile", () => {
  const view = { yaw: 40, pitch: 30, fov: 80 };
  const faces = new Set(visible(view, DESK, PYRAMID, 1).map(({ face, y, x }) => `${face}${y}${x}`));
  const [s, t] = ON_FACE.f(direction(40, 30));

  assert.ok(faces.has(`f${Math.floor(((t + 1) / 2) * 2)}${Math.floor(((s + 1) / 2) * 2)}`));
});

test("a small stage is content with a coarse level", () => {
  assert.equal(sharp({ yaw: 0, pitch: 0, fov: 90 }, PHONE, PYRAMID.levels, 1), 0);
});

test("zooming in asks for the next level and never for more than there is", () => {
  const levels = [90, 60, 25].map((fov) => sharp({ yaw: 0, pitch: 0, fov }, DESK, PYRAMID.levels, 1));

  assert.deepEqual(levels, [1, 2, 2]);
});

test("a tile is covered by the tile of its quarter one level below", () => {
  assert.deepEqual(parent({ face: "l", level: 2, y: 3, x: 1 }, PYRAMID), { face: "l", level: 1, y: 1, x: 0 });
  assert.equal(parent({ face: "l", level: 0, y: 0, x: 0 }, PYRAMID), null);
});

test("a tile's address follows the manifest's template", () => {
  assert.equal(address({ face: "u", level: 1, y: 0, x: 1 }, PYRAMID), "/tiles/abc/u/1/0_1.jpg");
});
