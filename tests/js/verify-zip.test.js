import assert from "node:assert/strict";
import { test } from "node:test";

import { standing } from "../../static/js/verify/groups.js";
import { check } from "../../static/js/verify/verify.js";
import * as build from "./verify-build.js";

const { auction, files, LOG, logOf, receipt, signedBy, cosignedBy, W1, W2, zip } = build;
const bytes = (text) => new Uint8Array(Buffer.from(text));

/** What a zip is found to break: "RULE line", sorted. */
async function found(entries, given, how) {
  const { violations } = await check(zip(entries, how), given);
  return violations.map(({ rule, line }) => `${rule} ${line}`).sort().join();
}

/** The files of a sound auction, some of them changed: a text, a function of the text, or null for none. */
function changed(changes) {
  const sound = files();
  for (const [name, change] of Object.entries(changes)) {
    const content = typeof change === "function" ? change(sound.get(name)) : change;
    if (content === null) sound.delete(name);
    else sound.set(name, content);
  }
  return sound;
}

const flipped = (base64) => (base64.startsWith("A") ? `B${base64.slice(1)}` : `A${base64.slice(1)}`);
const textOf = (checkpoint) => checkpoint.slice(0, checkpoint.indexOf("\n\n") + 1);
const noted = (...signatures) => (checkpoint) => `${textOf(checkpoint)}\n${signatures.map((by) => by(textOf(checkpoint))).join("")}`;
const byLog = (text) => signedBy(LOG, text);
const byW1 = (text) => cosignedBy(W1, text);
const byW2 = (text) => cosignedBy(W2, text);
const falsely = (one) => (text) => one(`${text}x`);
const ALL_LINES = auction().map((_, at) => `L2 ${at + 1}`).sort().join();
const POLICY = (lines) => `log ${build.vkey(LOG)}\nwitness W1 ${build.vkey(W1)}\nwitness W2 ${build.vkey(W2)}\n${lines}`;
const STRANGER = { name: "stranger.example", type: 1, ...build.key(9) };
const SAME_ID = { ...LOG, name: "other.example" };
const LATER = { name: build.ORIGIN, type: 6, ...build.key(8) };

const MUTANTS = [
  ["nothing", {}, ""],
  ["no checkpoint", { checkpoint: null }, "L1 0"],
  ["a checkpoint of four lines", { checkpoint: (old) => old.replace("\n\n", "\nmore\n\n") }, "L1 0"],
  ["a checkpoint without signatures", { checkpoint: textOf }, "L1 0"],
  ["a checkpoint that does not end its line", { checkpoint: (old) => old.slice(0, -1) }, "L1 0"],
  ["a checkpoint with a tab", { checkpoint: (old) => old.replace(build.ORIGIN, "a\tb") }, "L1 0"],
  ["a size with a leading zero", { checkpoint: (old) => old.replace("\n24\n", "\n024\n") }, "L1 0"],
  ["a size beyond 2^53−1", { checkpoint: (old) => old.replace("\n24\n", "\n9007199254740992\n") }, "L1 0"],
  ["101 signatures", { checkpoint: noted(byLog, byW1, ...Array(99).fill((text) => signedBy(STRANGER, text))) }, "L1 0"],
  ["100 signatures", { checkpoint: noted(byLog, byW1, ...Array(98).fill((text) => signedBy(STRANGER, text))) }, ""],
  ["a line by an unknown key", { checkpoint: noted(byLog, byW1, falsely((text) => signedBy(STRANGER, text))) }, ""],
  ["a line by an unknown name with the log's key", { checkpoint: noted(byLog, byW1, falsely((text) => signedBy(SAME_ID, text))) }, ""],
  ["no line by the log", { checkpoint: noted(byW1) }, "L1 0"],
  ["a wrong line by the log", { checkpoint: noted(byLog, byW1, falsely(byLog)) }, "L1 0"],
  ["only a wrong line by the log", { checkpoint: noted(falsely(byLog), byW1) }, "L1 0"],
  ["a wrong line by a known witness", { checkpoint: noted(byLog, byW1, falsely(byW2)) }, "L1 0"],
  ["a cosignature of 2^63 s", { checkpoint: noted(byLog, byW1, (text) => cosignedBy(W2, text, 2n ** 63n)) }, "L1 0"],
  ["a cosignature of 2^63−1 s", { checkpoint: noted(byLog, (text) => cosignedBy(W2, text, 2n ** 63n - 1n)) }, ""],
  ["another log", { checkpoint: (old) => noted((text) => signedBy({ ...LOG, name: "a" }, text), byW1)(old.replace(build.ORIGIN, "a")) }, `L1 0,${ALL_LINES}`],
  ["a signature of no bytes", { checkpoint: noted(byLog, byW1, () => "— stranger.example AAAAAA==\n") }, "L1 0"],
  ["a name with a plus", { checkpoint: noted(byLog, byW1, () => "— a+b AAAAAAA=\n") }, "L1 0"],
  ["base64 with stray bits", { checkpoint: noted(byLog, byW1, () => "— a AAAAAAB=\n") }, "L1 0"],
  ["no witness", { checkpoint: noted(byLog) }, "L4 0"],
  ["no policy", { policy: null }, "L1 0"],
  ["a policy without a last newline", { policy: (old) => `${old}#` }, "L1 0"],
  ["a policy without a quorum", { policy: POLICY("") }, "L1 0"],
  ["a policy with two quorums", { policy: POLICY("quorum W1\nquorum W1\n") }, "L1 0"],
  ["a quorum nobody defined", { policy: POLICY("quorum W3\n") }, "L1 0"],
  ["a quorum defined behind it", { policy: POLICY("quorum g\ngroup g any W1\n") }, "L1 0"],
  ["a quorum of none", { policy: POLICY("quorum none\n"), checkpoint: noted(byLog) }, ""],
  ["all witnesses asked", { policy: POLICY("group g all W1 W2\nquorum g\n") }, "L4 0"],
  ["all witnesses asked and there", { policy: POLICY("group g all W1 W2\nquorum g\n"), checkpoint: noted(byLog, byW2, byW1) }, ""],
  ["groups of groups", { policy: POLICY("group g 1 W1\ngroup h 2 g W2\nquorum h\n") }, "L4 0"],
  ["a group of more than it has", { policy: POLICY("group g 3 W1 W2\nquorum g\n") }, "L1 0"],
  ["a group of nobody", { policy: POLICY("group g any\nquorum g\n") }, "L1 0"],
  ["a member of two groups", { policy: POLICY("group g any W1\ngroup h any W1\nquorum g\n") }, "L1 0"],
  ["none as a member", { policy: POLICY("group g any none\nquorum g\n") }, "L1 0"],
  ["an unknown keyword", { policy: POLICY("quorum W1\nmonitor x\n") }, "L1 0"],
  ["a key given twice", { policy: POLICY(`witness W3 ${build.vkey({ ...W1, name: "x" })}\nquorum W1\n`) }, "L1 0"],
  ["a key whose id is not its own", { policy: (old) => old.replace(/\+[0-9a-f]{8}\+/, "+00000000+") }, "L1 0"],
  ["a key of a later algorithm", { policy: POLICY(`log ${build.vkey(LATER)}\nwitness W3 ${build.vkey({ ...LATER, name: "x" })}\nquorum W1\n`) }, ""],
  ["a control character in the policy", { policy: POLICY("quorum W1\n#\u0007\n") }, "L1 0"],
  ["white space and comments in the policy", { policy: POLICY(" \t\n # \u00e9\n\tquorum \t W1 \n") }, ""],
  ["a proof missing", { "proofs/3.tlog-proof": null }, "L2 3"],
  ["a proof of another line", { "proofs/3.tlog-proof": () => files().get("proofs/4.tlog-proof") }, "L2 3,L3 4"],
  ["a proof with a wrong hash", { "proofs/3.tlog-proof": (old) => old.replace(/(index 5\n)(.+)/, (_, index, hash) => index + flipped(hash)) }, "L2 3"],
  ["a proof one hash short", { "proofs/3.tlog-proof": (old) => old.replace(/(index 5\n).+\n/, "$1") }, "L2 3"],
  ["a proof one hash long", { "proofs/3.tlog-proof": (old) => old.replace("\n\n", `\n${Buffer.alloc(32).toString("base64")}\n\n`) }, "L2 3"],
  ["a proof of another version", { "proofs/3.tlog-proof": (old) => old.replace("@v1", "@v2") }, "L2 3"],
  ["a proof with extra data", { "proofs/3.tlog-proof": (old) => old.replace("\nindex", "\nextra AAAA\nindex") }, ""],
  ["a proof whose index is text", { "proofs/3.tlog-proof": (old) => old.replace("index 5", "index 05") }, "L2 3"],
  ["a proof at an index beyond the tree", { "proofs/3.tlog-proof": (old) => old.replace("index 5", "index 99") }, "L2 3,L3 4"],
  ["a proof without a checkpoint", { "proofs/3.tlog-proof": (old) => old.slice(0, old.indexOf("\n\n") + 2) }, "L2 3"],
  ["a proof whose signatures nobody asks", { "proofs/3.tlog-proof": (old) => old.replace(/(\n\n[^]*\n\n)[^]*/, `$1${signedBy(STRANGER, "x")}`) }, ""],
  ["a proof of another checkpoint", { "proofs/3.tlog-proof": (old) => old.replace("\n24\n", "\n25\n") }, "L2 3"],
  ["a changed announcement", { "notices.json": (old) => old.replace("拍卖", "变卖") }, "D1 1"],
  ["an announcement in another order", { "notices.json": (old) => JSON.stringify(JSON.parse(old).reverse()) }, "D1 1"],
  ["an announcement that is none", { "notices.json": "{}" }, "D1 1"],
  ["no announcement", { "notices.json": null, "tour.json": null, "opening.json": null }, ""],
  ["another tour", { "tour.json": "Tour" }, "D1 1"],
  ["another identity", { "opening.json": (old) => old.replace("林小满", "林大满") }, "I1 0"],
  ["another nonce", { "opening.json": (old) => old.replace(/"nonce":"B/, '"nonce":"C') }, "I1 0"],
  ["more of an identity", { "opening.json": (old) => old.replace('"name"', '"age":1,"name"') }, "I1 0"],
  ["an opening that is none", { "opening.json": "[]" }, "I1 0"],
  ["a file nobody knows", { "readme.txt": "x" }, ""],
  ["no record", { "record.jsonl": null }, "F0 0"],
];

for (const [name, changes, rules] of MUTANTS) {
  test(`${name}: ${rules || "sound"}`, async () => assert.equal(await found(changed(changes)), rules));
}

test("the summary says what the log says", async () => {
  const { summary, remarks } = await check(zip(files(), { stored: true }));

  assert.deepEqual([summary.origin, summary.size, summary.witnesses], [build.ORIGIN, 24, [build.WITNESS]]);
  assert.equal(summary.root, textOf(files().get("checkpoint")).split("\n")[2]);
  assert.deepEqual(remarks, []);
});

test("an identity that is not the winner's is no opening", async () => {
  const leaves = auction().map((leaf) => (leaf.kind === "close" ? { ...leaf, winner: "BBBB" } : leaf));
  assert.equal(await found(files(leaves)), "C6 11,I1 0");
});

test("a group of rules is in order only if it was asked", async () => {
  const [whole, bare] = [await check(zip(files())), await check(zip(changed({ "notices.json": null, "tour.json": null })))];
  const states = [whole, bare].map((verdict) => standing(verdict, { zip: true, receipts: 0 }));
  assert.deepEqual(states.map(({ published, receipts, log }) => [published, receipts, log]), [
    ["sound", "unchecked", "sound"],
    ["unchecked", "unchecked", "sound"],
  ]);
  const refused = standing(await check(bytes("PK")), { zip: true, receipts: 0 });
  assert.deepEqual([refused.form, refused.bids], ["broken", "unchecked"]);
});

test("the caller's policy goes before the zip's", async () => {
  const policy = bytes(POLICY("quorum W2\n"));
  assert.equal(await found(files(), { policy }), "L4 0");
});

// Checkpoints that were kept

const kept = (size, text = build.checkpointText(logOf(files()).slice(0, size))) => `${text}\n${byLog(text)}`;
const hashes = (m) => bytes(build.consistencyOf(m, logOf(files())).map((one) => `${one.toString("base64")}\n`).join(""));
const older = (checkpoint, consistency) => ({ older: [{ checkpoint: bytes(checkpoint), consistency }] });

for (let size = 1; size < 24; size++) {
  test(`a log of ${size} leaves is the beginning of this one`, async () => {
    assert.equal(await found(files(), older(kept(size), hashes(size))), "");
    assert.equal(await found(files(), older(kept(size), hashes(size === 1 ? 2 : size - 1))), "L5 0");
  });
}

for (const [name, given, rules] of [
  ["the same again", older(kept(24), null), ""],
  ["an empty log", older(kept(0), null), ""],
  ["the same size with another root", older(kept(24, build.checkpointText(["x", ...logOf(files()).slice(1)])), null), "L5 0"],
  ["no proof", older(kept(7), null), "L5 0"],
  ["one hash too many", older(kept(7), bytes(`${Buffer.from(hashes(7))}${Buffer.alloc(32).toString("base64")}\n`)), "L5 0"],
  ["a proof that is none", older(kept(7), bytes("x")), "L5 0"],
  ["another root", older(kept(7, build.checkpointText(["x", ...logOf(files()).slice(1, 7)])), hashes(7)), "L5 0"],
  ["not by the log", older(kept(7).replace(/ ([A-Za-z0-9+/=]+)\n$/, (_, sig) => ` ${flipped(sig)}\n`), hashes(7)), "L5 0"],
  ["no checkpoint", older("x", hashes(7)), "L5 0"],
]) {
  test(`a kept checkpoint, ${name}: ${rules || "sound"}`, async () => assert.equal(await found(files(), given), rules));
}

test("a kept checkpoint that is larger is held the other way round", async () => {
  const log = [...logOf(files()), "one more"];
  const text = build.checkpointText(log);
  const proof = build.consistencyOf(24, log).map((one) => one.toString("base64")).join("\n");
  assert.equal(await found(files(), older(kept(0, text), bytes(proof))), "");
  assert.equal(await found(files(), older(kept(0, text), null)), "L5 0");
});

// Receipts

const LINE = files().get("record.jsonl").split("\n")[9];
const BID = JSON.parse(LINE);
const TOLD = ["code", "cid", "amount", "in_t", "t", "deadline", "prev"];
const SAYS = {
  origin: "https://auction.example", lot: 7, seq: 10, ...Object.fromEntries(TOLD.map((name) => [name, BID[name]])), leaf: build.hex(LINE), key: "k1",
};
const REFUSED = {
  origin: "https://auction.example", lot: 7, code: "BBBB", cid: "late", amount: 120_000, in_t: 10, t: 11,
  reason: "out_of_time", article: "20", price: "-", deadline: 10, state: "open", least: "-", key: "k1",
};
const [GIVEN, DENIED] = ["judic-bid-receipt/v1", "judic-bid-refusal/v1"];

for (const [name, one, rules] of [
  ["a sound receipt", receipt(GIVEN, SAYS), ""],
  ["a receipt alone in its batch", receipt(GIVEN, SAYS, { batch: [null] }), ""],
  ["a receipt with more names", receipt(GIVEN, { ...SAYS, checkpoint: "24 abc" }), ""],
  ["a receipt of another version", receipt("judic-bid-receipt/v2", SAYS), "R1 0"],
  ["a receipt signed by another", receipt(GIVEN, SAYS, { secret: build.key(5) }), "R1 0"],
  ["a receipt by an unknown key", receipt(GIVEN, { ...SAYS, key: "k2" }), "R1 0"],
  ["a receipt of more blocks", bytes(`${Buffer.from(receipt(GIVEN, SAYS))}\n\nx`), "R1 0"],
  ["a receipt that was changed", bytes(Buffer.from(receipt(GIVEN, SAYS)).toString().replace("amount 110000", "amount 110001")), "R1 0"],
  ["no receipt", bytes("x"), "R1 0"],
  ...TOLD.map((field) => [`a receipt of another ${field}`, receipt(GIVEN, { ...SAYS, [field]: "9" }), "R2 0"]),
  ["a receipt of another leaf", receipt(GIVEN, { ...SAYS, leaf: SAYS.prev }), "R2 0"],
  ["a receipt of another place", receipt(GIVEN, { ...SAYS, seq: 11 }), "R2 0"],
  ["a receipt of a place there is not", receipt(GIVEN, { ...SAYS, seq: 99 }), "R2 0"],
  ["a receipt of another lot", receipt(GIVEN, { ...SAYS, lot: 8 }), "R2 0"],
  ["a sound refusal", receipt(DENIED, REFUSED), ""],
  ["a refusal of a bid in the record", receipt(DENIED, { ...REFUSED, code: BID.code, cid: BID.cid }), "R3 0"],
  ["a refusal as late of a bid in time", receipt(DENIED, { ...REFUSED, in_t: 9 }), "R4 0"],
  ["a refusal for another reason", receipt(DENIED, { ...REFUSED, in_t: 9, reason: "too_low" }), ""],
  ["a refusal that states no deadline", receipt(DENIED, { ...REFUSED, deadline: "-" }), ""],
]) {
  test(`${name}: ${rules || "sound"}`, async () => assert.equal(await found(files(), { receipts: [one] }), rules));
}

test("a receipt whose name is missing is not genuine", async () => {
  const { origin: _, ...rest } = SAYS;
  assert.equal(await found(files(), { receipts: [receipt(GIVEN, rest)] }), "R1 0");
});

test("a refusal of another lot is remarked on", async () => {
  const { ok, remarks } = await check(zip(files()), { receipts: [receipt(DENIED, { ...REFUSED, lot: 8 })] });
  assert.deepEqual([ok, remarks.map(({ rule }) => rule)], [true, ["R3"]]);
});

test("the key of receipts can be given", async () => {
  const secret = build.key(5);
  const given = { receipts: [receipt(GIVEN, SAYS, { secret })], receiptKey: new Uint8Array(secret.raw) };
  assert.equal(await found(files(), given), "");
});

const dated = (...times) => changed({
  "keys.json": JSON.stringify({ receipt: times.map((one) => ({ id: "k1", key: build.RECEIPTS.raw.toString("base64"), ...one })) }),
});
const TIMELESS = receipt(DENIED, { ...REFUSED, t: "-", reason: "clock_fault" });
for (const [name, entries, one, rules] of [
  ["from its moment on", dated({ from: SAYS.t }), receipt(GIVEN, SAYS), ""],
  ["from the moment after", dated({ from: SAYS.t + 1 }), receipt(GIVEN, SAYS), "R1 0"],
  ["until its moment", dated({ until: SAYS.t }), receipt(GIVEN, SAYS), "R1 0"],
  ["until the moment after", dated({ from: -5, until: SAYS.t + 1 }), receipt(GIVEN, SAYS), ""],
  ["from a time on, of none", dated({ from: 5 }), TIMELESS, ""],
  ["until a time, of none", dated({ until: 2 ** 53 - 1 }), TIMELESS, "R1 0"],
  ["told otherwise before", dated({ until: 0 }, {}), receipt(GIVEN, SAYS), ""],
  ["told otherwise after", dated({}, { until: 0 }), receipt(GIVEN, SAYS), "R1 0"],
  ...[{ from: "5" }, { until: null }, { from: 1.5 }, { id: 5 }, { key: "AAAA" }].flatMap((wrong) => [
    [`that is none (${JSON.stringify(wrong)})`, dated(wrong), receipt(GIVEN, SAYS), "R1 0"],
    [`after one that is none (${JSON.stringify(wrong)})`, dated(wrong, {}), receipt(GIVEN, SAYS), ""],
  ]),
]) {
  test(`a key ${name}: ${rules || "sound"}`, async () => assert.equal(await found(entries, { receipts: [one] }), rules));
}

test("each receipt is judged for itself", async () => {
  const wrong = ["1", "2"].map((cid) => receipt(GIVEN, { ...SAYS, cid }));
  assert.equal(await found(files(), { receipts: wrong }), "R2 0,R2 0");
});

const LOGGED = logOf(files());
const [PLACE, SIZE] = [2 * SAYS.seq - 1, LOGGED.length];
const LAST = auction().at(-1).t;
const ELSEWHERE = build.sha("another log").toString("base64");
const seen = (size, root = build.rootOf(LOGGED.slice(0, size)).toString("base64"), origin = build.ORIGIN) => `${size} ${root} ${origin}`;
const LOST = { ...SAYS, leaf: SAYS.prev };
const without = changed({ "proofs/10.tlog-proof": null });
const cosigned = (ms) => changed({ checkpoint: noted(byLog, (text) => cosignedBy(W1, text, BigInt(ms / 1000))) });

for (const [name, entries, given, rules] of [
  ["one made under no log yet", files(), [receipt(GIVEN, { ...SAYS, seen: seen(0), mmd_ms: 0 })], ""],
  ["one made under all that was before", files(), [receipt(GIVEN, { ...SAYS, seen: seen(PLACE) })], ""],
  ["one made under a log that has its bid", files(), [receipt(GIVEN, { ...SAYS, seen: seen(PLACE + 1) })], "R5 0"],
  ["a refusal made under this log", files(), [receipt(DENIED, { ...REFUSED, seen: seen(SIZE), mmd_ms: 0 })], ""],
  ["a refusal made under another log", files(), [receipt(DENIED, { ...REFUSED, seen: seen(SIZE, ELSEWHERE) })], "R5 0"],
  ["a refusal of another lot made under another log", files(), [receipt(DENIED, { ...REFUSED, lot: 8, seen: seen(SIZE, ELSEWHERE) })], "R5 0"],
  ["a log that was succeeded", files(), [receipt(GIVEN, { ...SAYS, seen: seen(SIZE, ELSEWHERE, "old.example") })], ""],
  ...["-", "24", `024 ${ELSEWHERE} ${build.ORIGIN}`, `24 AAAA ${build.ORIGIN}`, `24 ${ELSEWHERE} `, `24  ${ELSEWHERE} ${build.ORIGIN}`, `${seen(SIZE, ELSEWHERE)} x`].map(
    (said) => [`no checkpoint (${said})`, files(), [receipt(GIVEN, { ...SAYS, seen: said })], ""],
  ),
  ["two of two logs", files(), [receipt(DENIED, { ...REFUSED, seen: seen(3) }), receipt(GIVEN, { ...SAYS, seen: seen(3, ELSEWHERE) })], "R5 0"],
  ["a leaf missing as long as is promised", files(), [receipt(GIVEN, { ...LOST, mmd_ms: LAST - SAYS.t })], "R2 0"],
  ["a leaf missing longer than promised", files(), [receipt(GIVEN, { ...LOST, mmd_ms: LAST - SAYS.t - 1 })], "R2 0,R6 0"],
  ["a leaf in the record and not in the log", without, [receipt(GIVEN, { ...SAYS, mmd_ms: 60 })], "L2 10,R6 0"],
  ["a leaf that nothing was promised of", without, [receipt(GIVEN, { ...SAYS, mmd_ms: "-" })], "L2 10"],
  ["a promise of 2^53−1 ms", files(), [receipt(GIVEN, { ...LOST, mmd_ms: 2 ** 53 - 1 })], "R2 0"],
  ["a promise of 2^53 ms", files(), [receipt(GIVEN, { ...LOST, mmd_ms: String(2n ** 53n) })], "R2 0"],
  ["a bid of another lot", files(), [receipt(GIVEN, { ...SAYS, lot: 8, mmd_ms: 0 })], "R2 0,R6 0"],
  ["a witness who came early", cosigned(LAST - 9_000), [receipt(GIVEN, { ...LOST, mmd_ms: LAST - SAYS.t })], "R2 0"],
  ["a witness who came late", cosigned(LAST - 9_000 + 60_000), [receipt(GIVEN, { ...LOST, mmd_ms: LAST - SAYS.t })], "R2 0,R6 0"],
  ["a log that does not stand", changed({ checkpoint: noted(byW1) }), [receipt(GIVEN, { ...LOST, mmd_ms: 0, seen: seen(SIZE, ELSEWHERE) })], "L1 0,R2 0"],
]) {
  test(`of the log, ${name}: ${rules || "sound"}`, async () => assert.equal(await found(entries, { receipts: given }), rules));
}

test("when the caller fetched the log counts", async () => {
  const promise = [receipt(GIVEN, { ...LOST, mmd_ms: LAST - SAYS.t })];
  assert.equal(await found(files(), { receipts: promise, at: LAST }), "R2 0");
  assert.equal(await found(files(), { receipts: promise, at: LAST + 1 }), "R2 0,R6 0");
});

// Zips

for (const [name, how] of [
  ["an entry that unpacks to more than 64 MiB", { change: (entry, name) => name === "tour.json" && entry.writeUInt32LE(64 * 2 ** 20 + 1, 24) }],
  ["a wrong checksum", { change: (entry, name) => name === "record.jsonl" && entry.writeUInt32LE(1, 16) }],
  ["an encrypted record", { change: (entry, name) => name === "record.jsonl" && entry.writeUInt16LE(1, 8) }],
  ["another compression", { change: (entry, name) => name === "record.jsonl" && entry.writeUInt16LE(12, 10) }],
  ["a record that unpacks to more than it says", { change: (entry, name) => name === "record.jsonl" && entry.writeUInt32LE(10, 24) }],
  ["an entry beyond the file", { change: (entry, name) => name === "record.jsonl" && entry.writeUInt32LE(2 ** 31, 42) }],
  ["two entries of one name", { change: (entry, name) => name === "tour.json" && entry.write("keys.json", 46) }],
]) {
  test(`a zip with ${name} is refused`, async () => assert.equal(await found(files(), {}, how), "F0 0"));
}

test("a zip that is none is refused", async () => {
  for (const one of ["PK", `PK${"x".repeat(100)}`]) {
    assert.deepEqual((await check(bytes(one))).violations.map(({ rule }) => rule), ["F0"]);
  }
});

test("a zip with more than 200,100 entries is refused", async () => {
  const whole = Buffer.from(zip(files()));
  const [locator, far] = [Buffer.alloc(20), Buffer.alloc(56)];
  far.writeUInt32LE(0x06064b50, 0);
  far.writeBigUInt64LE(200_101n, 32);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(whole.length - 22), 8);
  const end = Buffer.from(whole.subarray(-22));
  end.writeUInt16LE(0xffff, 10);

  const large = await check(new Uint8Array(Buffer.concat([whole.subarray(0, -22), far, locator, end])));
  far.writeBigUInt64LE(BigInt(files().size), 32);
  far.writeBigUInt64LE(BigInt(whole.readUInt32LE(whole.length - 6)), 48);
  const sound = await check(new Uint8Array(Buffer.concat([whole.subarray(0, -22), far, locator, end])));

  assert.deepEqual([large.violations.map(({ rule }) => rule), sound.ok], [["F0"], true]);
});
