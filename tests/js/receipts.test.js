import assert from "node:assert/strict";
import { test } from "node:test";

import { retryIn } from "../../static/js/live/line.js";
import { before, receipt, Receipts, short, split } from "../../static/js/live/receipts.js";
import { store } from "../../static/js/live/stores.js";

const BID = { key: "k", amount: 500, at: 0 };
const ACCEPTED = { type: "accepted", key: "k", seq: 9, hash: "abcdef0123456789", arrived_at: 97_686, receipt: "signed" };

test("a bid arrived so long before the end that was in force, to the millisecond", () => {
  const ends = new Map([[7, 90_000], [8, 100_000]]);
  const endAt = (seq) => ends.get(seq);

  assert.equal(before(receipt(BID, { ...ACCEPTED, closes_at: 397_686 }, endAt)), 2_314); // it moved the end
  assert.equal(before(receipt(BID, { ...ACCEPTED, closes_at: 397_687 }, endAt)), 300_001); // it did not
  assert.equal(before(receipt(BID, { ...ACCEPTED, closes_at: 397_686 }, () => undefined)), null);
  assert.deepEqual(split(2_314), { days: 0, hours: 0, minutes: 0, seconds: "2.314" });
  assert.deepEqual(split(-90_061_120), { days: 1, hours: 1, minutes: 1, seconds: "1.120" });
});

test("a refusal's own statement says when the bid came and which end it met", () => {
  const text = "judic-bid-refusal/v1\nin_t 100120\nt 100130\nreason out_of_time\ndeadline 100000\n";
  const late = receipt(BID, { type: "refused", key: "k", ground: "out_of_time", receipt: text }, () => 5);

  assert.deepEqual([late.arrived_at, before(late)], [100_120, -120]);
});

test("an answer without times or receipt is kept as it is", () => {
  const answer = { type: "refused", key: "k", ground: "too_low", article: "art. 20" };
  const kept = receipt(BID, answer, () => 100);

  assert.deepEqual(
    [kept.ground, kept.article, kept.text, kept.seq, before(kept)],
    ["too_low", "art. 20", "", null, null],
  );
  assert.equal(short(ACCEPTED.hash), "abcdef01");
});

test("each bid has one receipt, the newest first, and a signed one stays", () => {
  const there = new Map();
  const shelf = { getItem: (name) => there.get(name) ?? null, setItem: (name, text) => there.set(name, text) };
  const mine = new Receipts(shelf, "7:AAAA");

  mine.add(receipt(BID, ACCEPTED, () => 100_000));
  mine.add(receipt({ ...BID, key: "l" }, { type: "refused", key: "l", ground: "too_low" }, () => 100_000));
  mine.add(receipt(BID, { ...ACCEPTED, receipt: undefined }, () => 100_000));

  assert.deepEqual(mine.all().map(({ key, text }) => [key, text]), [["k", "signed"], ["l", ""]]);
  assert.deepEqual(new Receipts(shelf, "7:BBBB").all(), []);
  there.set("receipts:7:AAAA", "{broken");
  assert.deepEqual(mine.all(), []);
});

test("where the browser forbids its stores, the page alone remembers", () => {
  const forbidden = store(() => {
    throw new Error("SecurityError");
  });

  forbidden.setItem("a", "1");
  assert.equal(forbidden.getItem("a"), "1");
  forbidden.removeItem("a");
  assert.deepEqual([forbidden.getItem("a"), forbidden.getItem("b")], [null, null]);
});

test("each try waits longer, up to a bound, and whoever was too loud waits more", () => {
  assert.deepEqual([0, 1, 2].map((failures) => retryIn(failures, 1006, 0.5)), [500, 1_000, 2_000]);
  assert.equal(retryIn(30, 1006, 1), 22_500);
  assert.equal(retryIn(0, 4429, 0), 5_000);
});
