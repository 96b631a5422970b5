import assert from "node:assert/strict";
import { test } from "node:test";

import { standing } from "../../static/js/verify/groups.js";
import { isWaiting, PATIENCE_MS } from "../../static/js/verify/waiting.js";

const NOW = 1_000_000_000;
const TIMES = [NOW - 9_000_000, NOW - 4_000_000, NOW - 3_000, NOW - 2_000];
const found = (...rules) => {
  const violations = rules.map(([rule, line]) => ({ rule, line, what: "" }));
  return { ok: !rules.length, count: rules.length, violations, remarks: [], times: TIMES, published: true };
};

test("what is new and not in the log yet, or not cosigned, only waits", () => {
  assert.equal(isWaiting(found(["L2", 3], ["L2", 4]), NOW), true);
  assert.equal(isWaiting(found(["L4", 0], ["L2", 4]), NOW), true);
  assert.equal(isWaiting(found(["L4", 0]), NOW), true);
});

for (const [why, rules, later] of [
  ["nothing is wrong", [], 0],
  ["another rule is broken too", [["L2", 4], ["B1", 4]], 0],
  ["the log's signature is wrong", [["L1", 0], ["L2", 4]], 0],
  ["a line in the middle has no proof", [["L2", 3]], 0],
  ["a line among new ones has none, and it is old", [["L2", 2], ["L2", 3], ["L2", 4]], 0],
  ["two minutes have passed", [["L2", 4]], PATIENCE_MS],
  ["the cosignatures are two minutes late", [["L4", 0]], PATIENCE_MS],
]) {
  test(`it does not wait if ${why}`, () => assert.equal(isWaiting(found(...rules), NOW + later), false));
}

test("it does not wait if more is wrong than is listed", () => {
  assert.equal(isWaiting({ ...found(["L2", 4]), count: 1_001 }, NOW), false);
});

test("of what waits the groups say so, and of nothing else", () => {
  const verdict = { ...found(["L2", 4], ["L4", 0]), summary: {} };
  const groups = standing(verdict, { zip: true, receipts: 0, waits: true });

  assert.deepEqual([groups.log, groups.witnesses, groups.chain, groups.receipts], ["waiting", "waiting", "sound", "unchecked"]);
  assert.equal(standing(verdict, { zip: true, receipts: 0 }).log, "broken");
});
