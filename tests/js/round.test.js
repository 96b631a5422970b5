import assert from "node:assert/strict";
import { test } from "node:test";

import { isOutlier } from "../../static/js/live/outlier.js";
import { passed, remaining } from "../../static/js/live/remaining.js";
import { after, standing } from "../../static/js/live/round.js";
import { instant } from "../../static/js/live/when.js";

const STEP = 500;
const OPEN = standing(
  {
    seq: 3,
    state: "open",
    price: 10_000,
    leader: "AAAA",
    least: 10_500,
    opens_at: 0,
    closes_at: 1_000_000,
    bids: 1,
    recent: [{ seq: 3, code: "AAAA", amount: 10_000, at: 5 }],
    you: { code: "BBBB", rank: null, leading: false, least: 10_500 },
  },
  STEP,
);
const bid = (seq, code, amount, deadline = 1_000_000) => ({ seq, kind: "bid", t: 900, code, amount, deadline });

test("a bid raises the price, the least and the count, and heads the history", () => {
  const round = after(OPEN, bid(4, "BBBB", 10_500));

  assert.deepEqual([round.price, round.leader, round.least, round.bids, round.seq], [10_500, "BBBB", 11_000, 2, 4]);
  assert.deepEqual(round.recent.map(({ code }) => code), ["BBBB", "AAAA"]);
  assert.deepEqual(round.you, { code: "BBBB", rank: null, leading: true, least: 11_000 });
});

test("a late bid moves the end", () => {
  assert.equal(after(OPEN, bid(4, "BBBB", 10_500, 1_200_000)).closes_at, 1_200_000);
});

test("an entry already known changes nothing", () => {
  assert.equal(after(OPEN, bid(3, "CCCC", 99_999)), OPEN);
});

test("a missing entry shows as a gap and changes nothing else", () => {
  assert.deepEqual(after(OPEN, bid(5, "CCCC", 99_999)), { ...OPEN, gap: true });
});

test("the gap closes when the missing entries come in order", () => {
  const gap = after(OPEN, bid(5, "CCCC", 11_000));
  const round = [bid(4, "BBBB", 10_500), bid(5, "CCCC", 11_000)].reduce(after, gap);

  assert.deepEqual([round.seq, round.price, round.gap], [5, 11_000, false]);
});

test("a priority purchaser may offer another's price, not his own again", () => {
  const ranked = { ...OPEN, you: { code: "BBBB", rank: 1, leading: false, least: 10_000 } };

  assert.equal(after(ranked, bid(4, "CCCC", 10_500)).you?.least, 10_500);
  assert.equal(after(ranked, bid(4, "BBBB", 10_000)).you?.least, 10_500);
});

const leap = (seq, bids, recent) => ({
  type: "leap",
  seq,
  state: "open",
  price: recent[0].amount,
  leader: recent[0].code,
  least: recent[0].amount + STEP,
  closes_at: 1_000_000,
  bids,
  recent: recent.slice(0, 5),
});

test("a leap over many bids leads to where they lead one by one", () => {
  const many = [4, 5, 6, 7].map((seq) => bid(seq, seq % 2 ? "BBBB" : "CCCC", 10_000 + seq * STEP));
  const folded = many.reduce(after, OPEN);

  assert.deepEqual(after(OPEN, leap(7, 5, folded.recent)), folded);
});

test("a leap closes a gap, and one already known changes nothing", () => {
  const gap = after(OPEN, bid(6, "CCCC", 13_000));
  const later = leap(9, 7, [{ seq: 9, code: "BBBB", amount: 20_000, at: 7 }]);
  const round = after(gap, later);

  assert.deepEqual([round.gap, round.seq, round.you?.leading, round.you?.least], [false, 9, true, 20_500]);
  assert.equal(after(round, later), round);
});

for (const [kind, fields, state] of [
  ["suspend", {}, "suspended"],
  ["resume", { deadline: 2_000_000 }, "open"],
  ["close", { winner: "AAAA" }, "sold"],
  ["close", { winner: null }, "unsold"],
  ["void", {}, "withdrawn"],
  ["note", { about: "confirmation" }, "confirmed"],
  ["note", { about: "paid" }, "open"],
  ["note", { about: "default" }, "defaulted"],
  ["note", { about: "opened" }, "open"],
  ["qualify", { code: "DDDD" }, "open"],
]) {
  test(`after ${kind} ${JSON.stringify(fields)} the round is ${state}`, () => {
    assert.equal(after(OPEN, { seq: 4, kind, t: 900, ...fields }).state, state);
  });
}

test("the history keeps the newest twenty", () => {
  let round = OPEN;
  for (let seq = 4; seq < 40; seq++) round = after(round, bid(seq, "BBBB", 10_000 + seq * STEP));

  assert.equal(round.recent.length, 20);
  assert.equal(round.recent[0]?.seq, 39);
});

test("twice the least, or more than twenty steps above it, is asked for again", () => {
  const terms = { least: 10_000, step: 100 };

  assert.equal(isOutlier(12_000, terms), false);
  assert.equal(isOutlier(12_001, terms), true);
  assert.equal(isOutlier(20_001, { least: 10_000, step: 1_000 }), true);
});

test("what is left counts a begun second and ends at nothing", () => {
  assert.deepEqual(remaining(90_061_001), { days: 1, hours: "01", minutes: "01", seconds: "02", over: false });
  assert.equal(remaining(1).seconds, "01");
  assert.deepEqual(remaining(-5), { days: 0, hours: "00", minutes: "00", seconds: "00", over: true });
});

test("ten, five and one minutes are told once each, and nothing after the end", () => {
  assert.deepEqual([passed(600_400, 599_900), passed(300_100, 299_600), passed(60_001, 60_000)], ["ten", "five", "one"]);
  assert.deepEqual([passed(599_900, 599_400), passed(100, -400), passed(Infinity, 5_000_000)], [null, null, null]);
});

test("instants are shown in China Standard Time", () => {
  assert.equal(instant(Date.UTC(2026, 10, 22, 16, 5, 9)), "11-23 00:05:09");
});
