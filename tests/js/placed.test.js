import assert from "node:assert/strict";
import { test } from "node:test";

import { placed } from "../../static/js/verify/placed.js";
import * as build from "./verify-build.js";

const { checkpointText, consistencyOf, files, logOf, pathOf, receipt, rootOf, signedBy, LOG, RECEIPTS } = build;
const bytes = (text) => new Uint8Array(Buffer.from(text));
const base64 = (of) => Buffer.from(of).toString("base64");

const LEAVES = logOf(files());
const INDEX = 19;
const LEAF = LEAVES[INDEX];
const BID = JSON.parse(LEAF);
const SIZE = LEAVES.length;
const seen = (size, root = base64(rootOf(LEAVES.slice(0, size))), origin = build.ORIGIN) => `${size} ${root} ${origin}`;
const SAYS = {
  origin: "auction.example", lot: 7, seq: 10, code: BID.code, cid: BID.cid, amount: BID.amount, in_t: BID.in_t, t: BID.t,
  deadline: BID.deadline, leaf: build.hex(LEAF), prev: BID.prev, seen: seen(6), mmd_ms: 60_000, key: "k1",
};

function proof({ index = INDEX, leaf = LEAF, path = pathOf(index, LEAVES), text = checkpointText(LEAVES), by = LOG } = {}) {
  const hashes = path.map((hash) => `${base64(hash)}\n`).join("");
  return bytes(`c2sp.org/tlog-proof@v1\nextra ${base64(leaf)}\nindex ${index}\n${hashes}\n${text}\n${signedBy(by, text)}`);
}

/** What is found of a sound receipt with its sound proof, but for some changes. */
function found({ says = {}, head = "judic-bid-receipt/v1", secret = RECEIPTS, time = {}, ...other } = {}) {
  return placed({
    receipt: receipt(head, { ...SAYS, ...says }, { secret }),
    proof: proof(),
    policy: bytes(build.POLICY),
    keys: bytes(JSON.stringify({ receipt: [{ id: "k1", key: base64(RECEIPTS.raw), ...time }, { id: "k2", key: base64(build.key(5).raw) }] })),
    growth: async (old, size) => (old ? bytes(consistencyOf(old, LEAVES.slice(0, size)).map((hash) => `${base64(hash)}\n`).join("")) : null),
    ...other,
  });
}

const HELD = { state: "proven", place: INDEX, size: SIZE };

for (const [name, changes] of [
  ["a receipt and the proof of its leaf", {}],
  ["one that was shown nothing", { says: { seen: "-" } }],
  ["one that was shown an empty log", { says: { seen: seen(0) } }],
  ["one that was shown all before it", { says: { seen: seen(INDEX) } }],
  ["one that was shown a log since succeeded", { says: { seen: seen(SIZE + 9, base64(build.sha("x")), "old.example") } }],
  ["one whose key was exchanged since", { time: { until: BID.t + 1 } }],
]) {
  test(`${name} is proven`, async () => assert.deepEqual(await found(changes), HELD));
}

for (const [name, changes] of [
  ["the proof of another leaf", { proof: proof({ index: 17, leaf: LEAVES[17] }) }],
  ["another leaf's place", { proof: proof({ index: 17 }) }],
  ["the right place of a changed leaf", { proof: proof({ leaf: LEAF.replace("AAAA", "BBBB") }) }],
  ["a path that leads elsewhere", { proof: proof({ path: pathOf(INDEX, LEAVES).reverse() }) }],
  ["a proof without the leaf", { proof: bytes(Buffer.from(proof()).toString().replace(/extra .*\n/, "")) }],
  ["no proof", { proof: bytes("<html>") }],
  ["a checkpoint nobody signed", { proof: proof({ by: { ...LOG, ...build.key(9) } }) }],
  ["another log's root where the receipt was made", { says: { seen: seen(6, base64(build.sha("x"))) } }],
  ["a log that had it before it was made", { says: { seen: seen(INDEX + 1) } }],
  ["growth that nobody shows", { growth: async () => null }],
  ["no policy", { policy: bytes("") }],
  ["a receipt signed by another", { secret: build.key(5) }],
  ["a receipt by a key that was one no more", { time: { until: BID.t } }],
  ["a receipt by a key that is none", { says: { key: "k3" } }],
  ...["lot", "seq", "code", "cid", "amount", "in_t", "t", "deadline", "prev"].map((name) => [`another ${name} than the leaf's`, { says: { [name]: 9 } }]),
  ["a refusal", { head: "judic-bid-refusal/v1", says: { reason: "too_low", article: "20", price: 1, state: "open", least: 1 } }],
]) {
  test(`${name} proves nothing`, async () => assert.deepEqual(await found(changes), { state: "wrong" }));
}

test("a browser that knows no Ed25519 says so", async (context) => {
  context.mock.method(crypto.subtle, "importKey", () => Promise.reject(new Error("NotSupportedError")));

  assert.deepEqual(await found(), { ...HELD, state: "unable" });
});
