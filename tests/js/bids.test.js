import assert from "node:assert/strict";
import { test } from "node:test";

import { Bids } from "../../static/js/live/bids.js";

const shortly = (ms) => new Promise((resolve) => setTimeout(resolve, ms / 50));

/** A bidder's page with a line that says what `socket` and `http` make it say; time passes by itself. */
function page({ socket = () => true, http = () => null, store = new Map(), now = 1_000_000, wait = shortly } = {}) {
  const told = [];
  const sent = [];
  const here = { told, sent, store, now, stages: () => told.map(({ stage }) => stage) };
  here.bids = new Bids("7:AAAA", {
    say: (message) => (sent.push(["socket", message]), socket(message, here)),
    post: async (bid) => (sent.push(["http", bid]), http(bid, here)),
    store: {
      getItem: (name) => store.get(name) ?? null,
      setItem: (name, text) => store.set(name, text),
      removeItem: (name) => store.delete(name),
    },
    tell: (stage, bid, answer) => told.push({ stage, bid, answer }),
    now: () => here.now,
    wait,
  });
  return here;
}

const accepted = ({ key, amount }) => ({ type: "accepted", key, seq: 9, amount });
const refused = (ground) => ({ key }) => ({ type: "refused", key, ground });
const answers = (answer) => (message, here) => (setTimeout(() => here.bids.answered(answer(message))), true);

test("a bid that is answered is done, and nothing is kept", async () => {
  const here = page({ socket: answers(accepted) });

  await here.bids.send(500, "k");

  assert.deepEqual(here.stages(), ["sent", "accepted"]);
  assert.equal(here.told[1].answer.seq, 9);
  assert.deepEqual([here.sent.length, here.store.size, here.bids.busy], [1, 0, false]);
});

test("without an answer the same key is asked for by HTTPS", async () => {
  const here = page({ http: accepted });

  await here.bids.send(500, "k");

  assert.deepEqual(here.stages(), ["sent", "asked", "accepted"]);
  assert.deepEqual(here.sent.map(([by, { key }]) => [by, key]), [["socket", "k"], ["http", "k"]]);
});

test("a line that drops is not waited for", async () => {
  const wait = (ms) => (ms === 3_000 ? new Promise(() => {}) : shortly(ms)); // its answer would never be given up
  const here = page({ http: accepted, wait, socket: (_, { bids }) => (setTimeout(() => bids.dropped()), true) });

  await here.bids.send(500, "k");

  assert.equal(here.stages().at(-1), "accepted");
});

test("with no answer at all it is unsure, kept in the tab, and no other bid is sent over it", async () => {
  const here = page();

  await here.bids.send(500, "k");
  await here.bids.send(900, "other");

  assert.deepEqual(here.stages(), ["sent", "asked", "asked", "unsure"]);
  assert.deepEqual(here.sent.map(([, { key }]) => key), ["k", "k", "k"]);
  assert.equal(JSON.parse(here.store.get("bid:7:AAAA")).key, "k");
  assert.equal(here.bids.busy, true);
});

test("after a reload the same bid is asked for again, by its key", async () => {
  const before = page();
  await before.bids.send(500, "k");

  const here = page({ store: before.store, http: accepted, now: 1_030_000 });
  await here.bids.resume();

  assert.deepEqual(here.sent.map(([by, { key, amount }]) => [by, key, amount]), [["http", "k", 500]]);
  assert.deepEqual([here.stages().at(-1), here.store.size], ["accepted", 0]);
});

test("an old bid is not sent again without the bidder's word", async () => {
  const before = page();
  await before.bids.send(500, "k");

  const here = page({ store: before.store, http: accepted, now: 1_061_000 });
  await here.bids.resume();
  assert.deepEqual([here.stages(), here.sent], [["unsure"], []]);

  await here.bids.again();
  assert.equal(here.stages().at(-1), "accepted");
});

test("when the line is back an unsure bid is asked for", async () => {
  let up = false;
  const here = page({ http: (bid) => (up ? accepted(bid) : null) });
  await here.bids.send(500, "k");

  up = true;
  await here.bids.reconnected();

  assert.deepEqual([here.stages().at(-1), new Set(here.sent.map(([, { key }]) => key)).size], ["accepted", 1]);
});

test("an undecided bid may be sent again with its key, or give way to another", async () => {
  const here = page({ socket: answers(refused("undecided")) });

  await here.bids.send(500, "k");
  assert.deepEqual([here.stages(), here.bids.busy], [["sent", "undecided"], false]);
  await here.bids.again();
  assert.deepEqual(here.sent.map(([, { key }]) => key), ["k", "k"]);

  await here.bids.send(600, "next");
  assert.equal(here.sent.at(-1)[1].key, "next");
});

test("an undecided bid is never sent again by itself", async () => {
  const here = page({ socket: answers(refused("clock_fault")) });
  await here.bids.send(500, "k");

  const reloaded = page({ store: here.store, now: 1_000_001 });
  await here.bids.reconnected();
  await reloaded.bids.resume();

  assert.deepEqual([here.sent.length, reloaded.sent.length, reloaded.stages()], [1, 0, ["undecided"]]);
});

test("a bid that was left is told of all the same when its answer comes", async () => {
  const here = page();
  await here.bids.send(500, "k");

  here.bids.leave();
  assert.deepEqual([here.bids.busy, here.store.size], [false, 0]);
  here.bids.answered(accepted({ key: "k", amount: 500 }));

  assert.deepEqual([here.stages().at(-1), here.told.at(-1).bid.amount], ["accepted", 500]);
});

test("the record tells of a bid whose answer was lost, and the answer goes before it", async () => {
  const entry = { kind: "bid", cid: "k", seq: 9, amount: 500, in_t: 5, deadline: 300_005, hash: "ab" };
  const here = page();
  await here.bids.send(500, "k");
  await here.bids.recorded({ ...entry, cid: "another" });
  assert.equal(here.stages().at(-1), "unsure");

  await here.bids.recorded(entry);
  assert.deepEqual(here.told.at(-1).answer, {
    type: "accepted", key: "k", seq: 9, amount: 500, arrived_at: 5, closes_at: 300_005, hash: "ab",
  });

  const signed = answers((bid) => ({ ...accepted(bid), receipt: "signed" }));
  const quick = page({ socket: (bid, there) => (void there.bids.recorded(entry), signed(bid, there)) });
  await quick.bids.send(500, "k");
  await shortly(2_000);
  assert.deepEqual(quick.told.flatMap(({ answer }) => answer?.receipt ?? []), ["signed"]);
  assert.equal(quick.told.filter(({ answer }) => answer).length, 1);
});

test("an answer to nobody's bid changes nothing", () => {
  const here = page();

  here.bids.answered(accepted({ key: "x", amount: 1 }));

  assert.deepEqual(here.told, []);
});
