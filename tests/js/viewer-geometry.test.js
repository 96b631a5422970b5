import assert from "node:assert/strict";
import { test } from "node:test";

import { bounded, direction, entered, pointed, project, turned, unproject, zoomed } from "../../static/js/viewer/geometry.js";

const PHONE = { width: 390, height: 520 };
const near = (one, other, within = 1e-6) => assert.ok(Math.abs(one - other) < within, `${one} is not near ${other}`);

test("the axes are right at yaw 90, up at pitch 90 and ahead at yaw 0", () => {
  const seen = [direction(90, 0), direction(0, 90), direction(0, 0)].map((vector) => vector.map((value) => Math.round(value) + 0));

  assert.deepEqual(seen, [[1, 0, 0], [0, 1, 0], [0, 0, 1]]);
});

test("a yaw is kept in (-180, 180]", () => {
  assert.deepEqual([190, -180, 180, 540, -190].map(turned), [-170, 180, 180, 180, 170]);
});

test("a view is held off the poles and within the zoom", () => {
  assert.deepEqual(bounded({ yaw: 361, pitch: 120, fov: 300 }), { yaw: 1, pitch: 88, fov: 105 });
});

test("what is looked at is in the middle of the picture", () => {
  const at = project({ yaw: 30, pitch: -20, fov: 70 }, PHONE, { yaw: 30, pitch: -20 });

  near(at.x, 195);
  near(at.y, 260);
});

test("what lies to the right and above is seen to the right and above", () => {
  const at = project({ yaw: 0, pitch: 0, fov: 70 }, PHONE, { yaw: 10, pitch: 10 });

  assert.ok(at.x > 195 && at.y < 260);
});

test("what is behind is not seen", () => {
  assert.equal(project({ yaw: 0, pitch: 0, fov: 70 }, PHONE, { yaw: 180, pitch: 0 }), null);
});

for (const [yaw, pitch] of [[0, 0], [-170, 35], [91, -62], [12.5, 80]]) {
  test(`a direction picked where ${yaw}/${pitch} is seen is that direction`, () => {
    const view = { yaw: yaw + 7, pitch: pitch - 5, fov: 80 };

    const found = unproject(view, PHONE, project(view, PHONE, { yaw, pitch }));

    near(found.yaw, yaw, 1e-4);
    near(found.pitch, pitch, 1e-4);
  });
}

test("magnifying and taking it back leaves the field of view", () => {
  near(zoomed(zoomed(75, 1.7), 1 / 1.7), 75);
});

test("a scene entered through a door is seen with the door behind", () => {
  assert.equal(entered({ yaw: 5, pitch: -3, fov: 75 }, { yaw: 100 }).yaw, -80);
});

test("a scene that has no door back is seen as it begins", () => {
  const start = { yaw: 5, pitch: -3, fov: 75 };

  assert.equal(entered(start, undefined), start);
});

test("a phone held upright to the north looks level to the north", () => {
  const seen = pointed({ alpha: 0, beta: 90, gamma: 0 });

  near(seen.yaw, 0, 1e-6);
  near(seen.pitch, 0, 1e-6);
});

test("turning the phone to the right turns the view to the right", () => {
  near(pointed({ alpha: 330, beta: 90, gamma: 0 }).yaw, 30, 1e-6);
});

test("tilting the phone back looks up", () => {
  near(pointed({ alpha: 0, beta: 120, gamma: 0 }).pitch, 30, 1e-6);
});

test("a phone lying on the table looks down", () => {
  near(pointed({ alpha: 0, beta: 0, gamma: 0 }).pitch, -90, 1e-6);
});
