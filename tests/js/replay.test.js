import assert from "node:assert/strict";
import { test } from "node:test";

import { Player } from "../../static/js/live/player.js";
import { at, bars, entries, line, moments } from "../../static/js/live/replay.js";

const MINUTE = 60_000;
const OPEN = { seq: 1, kind: "open", t: -MINUTE, start: 1_000, step: 100, start_t: 0, deadline: 60 * MINUTE };
const bid = (seq, t, code, amount, deadline = 60 * MINUTE) => ({ seq, kind: "bid", t, in_t: t, code, amount, deadline });
const SOLD = [
  OPEN,
  { seq: 2, kind: "qualify", t: -5, code: "AAAA" },
  { seq: 3, kind: "note", t: 10, about: "opened" },
  bid(4, 20 * MINUTE, "AAAA", 1_000),
  bid(5, 58 * MINUTE, "BBBB", 1_100, 63 * MINUTE),
  bid(6, 58 * MINUTE, "AAAA", 1_200, 63 * MINUTE),
  { seq: 7, kind: "suspend", t: 59 * MINUTE, reason: "crashed" },
  { seq: 8, kind: "resume", t: 70 * MINUTE, reason: "restored", deadline: 76 * MINUTE },
  bid(9, 75 * MINUTE, "BBBB", 1_500, 80 * MINUTE),
  { seq: 10, kind: "close", t: 80 * MINUTE + 2_000, winner: "BBBB", price: 1_500, deadline: 80 * MINUTE },
  { seq: 11, kind: "note", t: 999 * MINUTE, about: "confirmation" },
];

test("a record becomes moments from the beginning of the bidding to its end", () => {
  const found = moments(entries(SOLD.map((leaf) => `${JSON.stringify(leaf)}\n`).join("")));

  assert.deepEqual(found.map(({ entry }) => entry.seq), [2, 3, 4, 5, 6, 7, 8, 9, 10]);
  assert.deepEqual([found[0].at, found[0].round.state, found.at(-1).at], [0, "announced", 80 * MINUTE + 2_000]);
  assert.deepEqual(found.map(({ round }) => round.price), [null, null, 1_000, 1_100, 1_200, 1_200, 1_200, 1_500, 1_500]);
  assert.deepEqual([found.at(-1).round.state, found.at(-1).round.leader, found.at(-1).round.bids], ["sold", "BBBB", 4]);
});

test("a new end counts as an extension only if a bid brought it", () => {
  const found = moments(SOLD);

  assert.deepEqual(found.map(({ extensions }) => extensions), [0, 0, 0, 1, 1, 1, 1, 2, 2]);
  assert.deepEqual(found.map(({ suspensions }) => suspensions), [0, 0, 0, 0, 0, 1, 1, 1, 1]);
  assert.deepEqual(found.map(({ round }) => round.closes_at / MINUTE), [60, 60, 60, 63, 63, 63, 76, 80, 80]);
});

test("a round withdrawn before it began is one moment", () => {
  const found = moments([OPEN, { seq: 2, kind: "void", t: -10, reason: "so" }]);

  assert.deepEqual(found.map(({ at, round }) => [at, round.state]), [[-10, "withdrawn"]]);
});

test("the place of an instant is the last moment that is not after it", () => {
  const places = [{ at: 1 }, { at: 3 }, { at: 3 }, { at: 9 }];

  assert.deepEqual([0, 1, 2, 3, 8, 9, 99].map((instant) => at(places, instant)), [0, 0, 0, 2, 2, 3, 3]);
});

test("the drawing keeps to its width, however many bids there are", () => {
  const many = moments([OPEN, ...Array.from({ length: 50_000 }, (_, n) => bid(n + 2, n * 72, "AAAA", 1_000 + 100 * n))]);
  const drawn = line(many, many[0].at, many.at(-1).at);

  assert.match(drawn, /^M0 \d+(H\d+V\d+)*H1000$/);
  assert.ok(drawn.length < 15_000);
});

test("stops and new ends are drawn where they were, and not before the stretch", () => {
  const found = moments(SOLD);
  const stopped = ({ round }) => round.state === "suspended";

  assert.equal(bars(found, 0, 100 * MINUTE, stopped, true), "M590 0V100H700V0Z");
  assert.equal(bars(found, 0, 100 * MINUTE, ({ extended }) => extended, false), "M580 0V100H584V0ZM750 0V100H754V0Z");
  assert.equal(bars(found, 72 * MINUTE, 100 * MINUTE, stopped, true), "");
});

function played() {
  const calls = [];
  const player = new Player(moments(SOLD), () => {}, (call) => calls.push(call));
  return { player, tick: (now) => calls.shift()?.(now), calls };
}

test("an event a second is played, those of one millisecond one after the other", () => {
  const { player, tick } = played();
  player.toggle();
  const seen = [];
  for (let now = 0; now <= 8_000; now += 500) {
    tick(now);
    seen.push(player.moment.entry.seq);
  }

  assert.deepEqual([...new Set(seen)], [2, 3, 4, 5, 6, 7, 8, 9, 10]);
  assert.equal(player.playing, false);
});

test("a factor plays so many milliseconds in one, and a hidden page stands still", () => {
  const { player, tick } = played();
  player.speed = 600;
  player.toggle();
  tick(0);
  tick(100);
  assert.equal(player.at, MINUTE);

  tick(3_600_000);
  assert.equal(player.at, 11 * MINUTE);
});

test("back goes to the event it has passed, then to the one before, not out of the stretch", () => {
  const { player } = played();
  player.seek(58 * MINUTE + 5);
  const hops = [-1, -1, -1, 1, 1].map((way) => (player.hop(way), player.moment.entry.seq));
  assert.deepEqual(hops, [6, 5, 4, 5, 6]);

  player.stretch(55 * MINUTE);
  for (let n = 0; n < 9; n++) player.hop(-1);
  assert.deepEqual([player.at, player.moment.entry.seq], [55 * MINUTE, 4]);
});

test("played again from its end it begins anew", () => {
  const { player, calls } = played();
  player.seek(Infinity);
  player.toggle();

  assert.deepEqual([player.at, player.playing, calls.length], [0, true, 1]);
});
