import assert from "node:assert/strict";
import { test } from "node:test";

import { disturbed, misled, ServerClock } from "../../static/js/live/server-clock.js";

const PLATFORM = 1_795_000_000_000; // the platform's instant when performance.now() is 0

/** An exchange over a line that takes `out` and `back` ms, on a device whose time of day is `skew` ms ahead. */
function exchange(sent, out, back, skew = 0) {
  const received = sent + out + back;
  return { sent, now: Math.floor(PLATFORM + sent + out), received, wall: PLATFORM + received + skew };
}

function heard(...exchanges) {
  const clock = new ServerClock();
  exchanges.forEach((one) => clock.takeExchange(one));
  return clock;
}

test("of several round trips the quickest is believed", () => {
  const clock = heard(exchange(0, 400, 20), exchange(500, 12, 8), exchange(600, 30, 500));

  assert.ok(Math.abs(clock.now(1_200) - (PLATFORM + 1_200)) <= 3);
  assert.ok(clock.error(1_200) < 11);
});

test("the platform's instant always lies within the bound, however lopsided the line", () => {
  let seed = 7;
  const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  for (let run = 0; run < 2_000; run++) {
    const trips = Array.from({ length: 12 }, (_, n) => exchange(n * 2_000, random() * 900, random() * 900));
    const clock = heard(...trips);
    const wrong = Math.abs(clock.now(26_000) - (PLATFORM + 26_000));
    assert.ok(wrong <= clock.error(26_000), `${wrong} is more than ${clock.error(26_000)}`);
  }
});

test("an old exchange is worth less than its trip says, and in the end is forgotten", () => {
  const drifted = (sent) => ({ ...exchange(sent, 60, 60), now: Math.floor(PLATFORM + sent * 1.0001 + 60) });
  const clock = heard(exchange(0, 1, 1), drifted(3_600_000));

  assert.ok(Math.abs(clock.now(3_600_200) - (PLATFORM + 3_600_200 * 1.0001)) < 2);
  assert.ok(heard(exchange(0, 1, 1)).error(3_600_000) > 300);
});

test("nothing is certain before the first exchange, nor after a doubt, but the estimate is kept", () => {
  const clock = new ServerClock();
  clock.takeRendered(PLATFORM + 40, 40);
  clock.takeRendered(PLATFORM + 9_999, 0);
  assert.deepEqual([clock.now(100), clock.error(100)], [PLATFORM + 100, Infinity]);

  clock.takeExchange(exchange(200, 5, 5));
  assert.ok(clock.error(210) < 6);
  clock.doubt();
  assert.equal(clock.error(210), Infinity);
  assert.ok(Math.abs(clock.now(300) - (PLATFORM + 300)) <= 1);
});

test("a device 9.8 s slow is told so, and the countdown does not care", () => {
  const clock = heard(exchange(0, 15, 15, -9_800));

  assert.ok(Math.abs((clock.ahead ?? 0) + 9_800) <= 1);
  assert.equal(misled(clock.ahead, clock.error(30)), "slow");
  assert.ok(Math.abs(clock.now(5_000) - (PLATFORM + 5_000)) <= 1);
});

test("a device is not blamed for what the line may explain, nor for less than a second", () => {
  assert.equal(misled(2_000, 2_500), null);
  assert.equal(misled(-900, 10), null);
  assert.equal(misled(null, 10), null);
  assert.equal(misled(1_001, 10), "fast");
});

test("a sleep shows whichever of the device's clocks went on", () => {
  const before = { mono: 1_000, wall: PLATFORM };

  assert.equal(disturbed(before, { mono: 1_500, wall: PLATFORM + 500 }), false);
  assert.equal(disturbed(before, { mono: 1_500, wall: PLATFORM + 60_500 }), true); // performance.now() stood still
  assert.equal(disturbed(before, { mono: 61_500, wall: PLATFORM + 60_500 }), true); // both went on, the page did not
  assert.equal(disturbed(before, { mono: 1_500, wall: PLATFORM - 3_600_000 }), true); // somebody set it back
  assert.equal(disturbed(before, { mono: 2_600, wall: PLATFORM + 1_600 }), false); // a hidden tab's slow tick
});
