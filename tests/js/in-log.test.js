import assert from "node:assert/strict";
import { test } from "node:test";

import { InLog, promised, standing } from "../../static/js/live/in-log.js";

const TEXT = "judic-bid-receipt/v1\nt 5\nmmd_ms 60000\nkey k\n";
const BID = { key: "k", type: "accepted", seq: 9, text: TEXT, kept_at: 1_000 };
const PROVEN = { state: "proven", place: 4, size: 9, proof: "p" };

/** Receipts, what is answered of each, and turns that come when they are told to. */
function world(receipts, answers) {
  const asked = [];
  const turns = [];
  const clock = { now: 1_000 };
  const log = new InLog({
    all: async () => receipts,
    ask: async ({ key }, late) => (asked.push(late ? `${key} late` : key), answers[key]?.length > 1 ? answers[key].shift() : (answers[key]?.[0] ?? null)),
    tell: async (one, found) => void (one.found = found),
    now: () => clock.now,
    later: (act, ms) => turns.push({ act, ms }),
  });
  log.begin();
  const turn = async () => {
    const { act, ms } = turns.shift();
    clock.now += ms;
    act();
    await new Promise(setImmediate);
    return ms;
  };
  return { asked, clock, log, turn, turns };
}

test("a receipt says how it stands", () => {
  assert.equal(promised(BID), 60_000);
  assert.equal(standing(BID), "waiting");
  assert.equal(standing({ ...BID, found: PROVEN }), "proven");
  assert.equal(standing({ ...BID, text: TEXT.replace("60000", "-") }), "");
  for (const other of [{ type: "refused" }, { seq: null }, { text: "" }]) assert.equal(standing({ ...BID, ...other }), "");
});

test("it is asked after until it is proven, and then no more", async () => {
  const one = { ...BID };
  const { asked, turn, turns } = world([one], { k: [null, { state: "absent" }, PROVEN] });

  const pauses = [await turn(), await turn(), await turn(), await turn()];

  assert.ok(pauses[0] >= 3_000 && pauses[0] <= 6_000);
  assert.deepEqual(pauses.slice(1), [5_000, 10_000, 20_000]);
  assert.deepEqual([asked.length, one.found, turns.length], [3, PROVEN, 0]);
});

const ABSENT = (size) => ({ state: "absent", size });

test("a log that stands still has it not, and one that grew on without it has left it out", async () => {
  const one = { ...BID };
  const { asked, clock, turn } = world([one], { k: [ABSENT(null), ABSENT(7), ABSENT(7), ABSENT(8), ABSENT(8), PROVEN] });
  clock.now = 1_000 + 60_000 - 6_001;

  await turn();
  assert.equal(one.found, undefined);
  clock.now = 61_000 - 5_000 + 1;
  const states = [];
  for (let times = 0; times < 5; times++) states.push((await turn(), standing(one)));
  assert.deepEqual(states, ["still", "still", "missing", "missing", "proven"]);
  assert.deepEqual(asked, ["k", ...Array(5).fill("k late")]);
});

test("where a log began that is no longer there, nothing is missing before it has grown past that", async () => {
  const one = { ...BID, found: { state: "still", size: 7 } };
  const { clock, turn } = world([one], { k: [ABSENT(5), ABSENT(7), ABSENT(8)] });
  clock.now = 1e6;

  const states = [];
  for (let times = 0; times < 3; times++) states.push((await turn(), standing(one)));
  assert.deepEqual(states, ["still", "still", "missing"]);
});

test("a line that is down makes nothing missing", async () => {
  const one = { ...BID };
  const { clock, turn } = world([one], { k: [null] });
  clock.now = 1e9;

  await turn();
  await turn();

  assert.equal(standing(one), "waiting");
});

test("what promises nothing is asked for once, a refusal never", async () => {
  const old = { ...BID, key: "old", text: "judic-bid-receipt/v1\n" };
  const { asked, clock, turn } = world([old, { ...BID, key: "no", type: "refused" }], { old: [{ state: "absent" }] });
  clock.now = 1e9;

  await turn();
  await turn();

  assert.deepEqual([asked, old.found, standing(old)], [["old"], undefined, ""]);
});

test("a new bid begins anew, and one turn comes of two", async () => {
  const { asked, log, turn, turns } = world([{ ...BID }], { k: [null] });

  log.begin();
  await turn();
  assert.deepEqual(asked, []);
  await turn();

  assert.deepEqual([asked, turns.length], [["k"], 1]);
});
