import assert from "node:assert/strict";
import { test } from "node:test";

import { link, scene } from "../../static/js/viewer/manifest.js";
import { glide, released } from "../../static/js/viewer/motion.js";

const HALL = { id: "hall", hotspots: [{ id: 1, kind: "defect", target: null }, { id: 2, kind: "link", target: "bath" }] };
const TOUR = { version: 1, tour: 1, title: "", start: "hall", scenes: [{ id: "bath", hotspots: [] }, HALL] };

test("a flung view slows down and comes to rest", () => {
  let speed = { yaw: 0.3, pitch: 0 };
  let frames = 0;
  for (; speed && frames < 500; frames += 1) speed = glide(speed, 16).speed;

  assert.ok(frames > 10 && frames < 200);
});

test("a view glides as far in one long frame as in many short ones", () => {
  const whole = glide({ yaw: 0.2, pitch: 0 }, 64).yaw;
  const first = glide({ yaw: 0.2, pitch: 0 }, 32);

  assert.ok(Math.abs(whole - first.yaw - glide(first.speed, 32).yaw) < 1e-9);
});

test("a finger that rested before it was lifted flings nothing", () => {
  const steps = [{ at: 0, yaw: 3, pitch: 0 }, { at: 10, yaw: 3, pitch: 0 }];

  assert.equal(released(steps, 300), null);
});

test("a finger lifted in motion flings the view at its speed", () => {
  const steps = [0, 20, 40].map((at) => ({ at, yaw: 2, pitch: -1 }));

  assert.deepEqual(released(steps, 40), { yaw: 0.1, pitch: -0.05 });
});

test("a tour begins in the scene asked for, else in its own first", () => {
  assert.equal(scene(TOUR, "bath").id, "bath");
  assert.equal(scene(TOUR, null).id, "hall");
  assert.equal(scene({ ...TOUR, start: "gone" }, "gone").id, "bath");
});

test("the link to a scene is found among the other points", () => {
  assert.equal(link(HALL, "bath").id, 2);
  assert.equal(link(HALL, "attic"), undefined);
});
