import assert from "node:assert/strict";
import { test } from "node:test";

import { retryIn } from "../../static/js/live/line.js";
import { before, receipt, Receipts, short, split } from "../../static/js/live/receipts.js";
import { Shelf } from "../../static/js/live/shelf.js";
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

/** A shelf in a page that may keep nothing, or in one that may. */
const forgetful = () => new Shelf(() => Promise.reject(new Error("SecurityError")));
const shelf = forgetful();
const keeping = () => ({ all: (name) => shelf.all(name), change: async (...given) => (await shelf.change(...given), true) });
const nothing = { getItem: () => null, removeItem: () => {} };

test("each bid has one receipt, the newest first, and a signed one stays", async () => {
  const there = forgetful();
  const mine = new Receipts(there, "7:AAAA", nothing);

  await mine.add(receipt(BID, ACCEPTED, () => 100_000, 1));
  await mine.add(receipt({ ...BID, key: "l" }, { type: "refused", key: "l", ground: "too_low" }, () => 100_000, 2));
  await mine.add(receipt(BID, { ...ACCEPTED, receipt: undefined }, () => 100_000, 3));

  assert.deepEqual((await mine.all()).map(({ key, text }) => [key, text]), [["l", ""], ["k", "signed"]]);
  assert.deepEqual(await new Receipts(there, "7:BBBB", nothing).all(), []);
});

test("what was found out of a receipt stays when its answer comes again, and goes when another comes", async () => {
  const mine = new Receipts(forgetful(), "7:AAAA", nothing);
  const first = receipt(BID, ACCEPTED, () => 100_000, 1);
  await mine.add(first);
  await mine.found(first, { state: "proven", place: 4, size: 9, proof: "p" });

  await mine.add(receipt(BID, ACCEPTED, () => 100_000, 2));
  const [again] = await mine.all();
  await mine.add(receipt(BID, { type: "refused", key: "k", ground: "undecided" }, () => 100_000, 3));
  const [other] = await mine.all();

  assert.deepEqual([again.found.place, again.kept_at, other.found, other.kept_at], [4, 1, undefined, 3]);
});

test("what was kept in the old place is taken over once, and left there if it cannot be kept", async () => {
  const old = new Map([["receipts:7:AAAA", JSON.stringify([{ ...BID, key: "new" }, { ...BID, key: "old" }])], ["receipts:7:BBBB", "{"]]);
  const place = { getItem: (name) => old.get(name) ?? null, removeItem: (name) => old.delete(name) };
  const keys = async (shelf, name) => (await new Receipts(shelf, name, place).all()).map(({ key }) => key);

  assert.deepEqual(await keys(forgetful(), "7:AAAA"), ["new", "old"]);
  assert.ok(old.has("receipts:7:AAAA"));
  assert.deepEqual(await keys(keeping(), "7:AAAA"), ["new", "old"]);
  assert.ok(!old.has("receipts:7:AAAA"));
  assert.deepEqual(await keys(keeping(), "7:AAAA"), ["new", "old"]);
  assert.deepEqual(await keys(forgetful(), "7:BBBB"), []);
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
