import assert from "node:assert/strict";
import { test } from "node:test";

import { delay, next } from "../../static/js/live/auto.js";

const FACTS = {
  ceiling: 20_000,
  state: "open",
  least: 10_500,
  leading: false,
  current: true,
  busy: false,
  left: 600_000,
  stage: "",
  slept: false,
  signedOut: false,
  offlineMs: 0,
  hiddenMs: 0,
};

test("outbid, it bids the least amount", () => {
  assert.deepEqual(next(FACTS), { act: "bid", amount: 10_500 });
  assert.deepEqual(next({ ...FACTS, stage: "accepted", least: 20_000 }), { act: "bid", amount: 20_000 });
});

for (const [what, change] of [
  ["it leads", { leading: true }],
  ["it leads above its ceiling", { leading: true, least: 30_000 }],
  ["a bid of its own is on the way", { busy: true, stage: "sent" }],
  ["something of the record is missing", { current: false }],
  ["the line is down for a moment", { offlineMs: 2_000 }],
  ["the time is up", { left: 0 }],
]) {
  test(`while ${what}, it waits`, () => assert.deepEqual(next({ ...FACTS, ...change }), { act: "wait" }));
}

for (const [why, change] of [
  ["ceiling", { least: 20_001 }],
  ["refused", { stage: "refused" }],
  ["refused", { stage: "undecided" }],
  ["unsure", { stage: "unsure", busy: true }],
  ["slept", { slept: true }],
  ["hidden", { hiddenMs: 300_000 }],
  ["offline", { offlineMs: 10_001 }],
  ["suspended", { state: "suspended" }],
  ["over", { state: "sold" }],
  ["over", { state: "withdrawn" }],
  ["signed-out", { signedOut: true }],
]) {
  test(`it stops: ${why} ${JSON.stringify(change)}`, () => {
    assert.deepEqual(next({ ...FACTS, ...change }), { act: "stop", why });
    if (why !== "ceiling") assert.equal(next({ ...FACTS, leading: true, ...change }).act, "stop");
  });
}

test("whatever happens, it never offers above the ceiling, nor while it leads", () => {
  for (let least = 0; least <= 40_000; least += 500) {
    for (const leading of [true, false]) {
      const step = next({ ...FACTS, least, leading });
      assert.ok(step.act !== "bid" || (step.amount <= FACTS.ceiling && !leading));
    }
  }
});

test("it thinks one to three seconds, and never past the end", () => {
  assert.deepEqual([delay(60_000, 0), delay(60_000, 0.5), delay(60_000, 1)], [1_000, 2_000, 3_000]);
  assert.deepEqual([delay(1_000, 1), delay(-5, 1)], [500, 0]);
});
