/** Makes records, logs, receipts and zips from docs/record-format.md, by other means than the checker reads them. */

import { createHash, createPrivateKey, createPublicKey, sign } from "node:crypto";
import { crc32, deflateRawSync } from "node:zlib";

export const START = 1_700_000_000_000;
export const END = START + 3_600_000;
export const ORIGIN = "auction.example/log";
export const WITNESS = "witness.example/w1";

/** @param {string | Uint8Array} bytes */
export const sha = (bytes) => createHash("sha256").update(bytes).digest();
export const hex = (bytes) => sha(bytes).toString("hex");
const bytesOf = (text) => (typeof text === "string" ? Buffer.from(text) : text);

/** The commitment of section 6 for one identity. */
export const IDENTITY = { kind: "person", name: "林小满", number: "110101199003074477" };
export const NONCE = Buffer.alloc(32, 7);
export const COMMIT = hex(Buffer.concat([Buffer.from("judic-id-v1\0"), NONCE, Buffer.from(jcs(IDENTITY))]));

/** An auction that breaks no rule: two bidders, one with priority, one suspension, an end moved three times. */
export function auction() {
  const one = END - 60_000 + 300_000;
  const two = one - 10_000 + 300_000;
  const stop = two - 100_000;
  const go = stop + 500_000;
  const three = go + 1_000 + 300_000;
  return [
    { kind: "open", t: START - 90_000, start: 100_000, step: 5_000, ext_ms: 300_000, start_t: START, deadline: END, ranks: [1, 2] },
    { kind: "qualify", t: START - 50_000, code: "AAAA", commit: COMMIT },
    { kind: "qualify", t: START - 40_000, code: "BBBB", commit: "00" },
    { kind: "note", t: START, about: "opened" },
    bid(5, "BBBB", 100_000, START + 1_000, END),
    bid(6, "BBBB", 105_000, END - 60_000, one),
    { ...bid(7, "AAAA", 105_000, one - 10_000, two), rank: 1 },
    { kind: "suspend", t: stop + 500, reason: "outage", since: stop },
    { kind: "resume", t: go, reason: "over", deadline: go + 300_000 },
    bid(10, "AAAA", 110_000, go + 1_000, three),
    { kind: "close", t: three + 2_000, winner: "AAAA", price: 110_000, deadline: three },
    { kind: "note", t: three + 9_000, about: "confirmed" },
  ];
}

function bid(seq, code, amount, in_t, deadline) {
  return { kind: "bid", t: in_t + 20, code, cid: `cid-${seq}`, amount, in_t, deadline };
}

/** Return the RFC 8785 form of a value of plain objects. */
export function jcs(value) {
  if (Array.isArray(value)) return `[${value.map(jcs).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${jcs(value[name])}`).join(",")}}`;
}

/**
 * Return the chained lines of leaves; a leaf that is text is taken as it is, one told its `prev` keeps it.
 * @param {(object | string)[]} leaves
 */
export function lines(leaves) {
  let prev = "0".repeat(64);
  return leaves.map((leaf, at) => {
    const whole = { v: 1, lot: 7, seq: at + 1, prev, ...leaf };
    const line = typeof leaf === "string" ? leaf.replace("PREV", prev) : jcs(dropped(whole));
    prev = hex(line);
    return line;
  });
}

/** Leave out what is undefined. */
function dropped(leaf) {
  return Object.fromEntries(Object.entries(leaf).filter(([, value]) => value !== undefined));
}

/** @param {(object | string)[]} leaves */
export function record(leaves) {
  return new Uint8Array(Buffer.from(lines(leaves).map((line) => `${line}\n`).join("")));
}

// The tree, by the recursive definitions of RFC 6962 §2.1

const split = (n) => {
  let k = 1;
  while (2 * k < n) k *= 2;
  return k;
};
export const leafHash = (bytes) => sha(Buffer.concat([Buffer.of(0), bytesOf(bytes)]));
const node = (left, right) => sha(Buffer.concat([Buffer.of(1), left, right]));

export function rootOf(leaves) {
  if (leaves.length <= 1) return leaves.length ? leafHash(leaves[0]) : sha("");
  const k = split(leaves.length);
  return node(rootOf(leaves.slice(0, k)), rootOf(leaves.slice(k)));
}

export function pathOf(index, leaves) {
  if (leaves.length === 1) return [];
  const k = split(leaves.length);
  const [left, right] = [leaves.slice(0, k), leaves.slice(k)];
  return index < k ? [...pathOf(index, left), rootOf(right)] : [...pathOf(index - k, right), rootOf(left)];
}

export function consistencyOf(m, leaves, whole = true) {
  if (m === leaves.length) return whole ? [] : [rootOf(leaves)];
  const k = split(leaves.length);
  const [left, right] = [leaves.slice(0, k), leaves.slice(k)];
  if (m <= k) return [...consistencyOf(m, left, whole), rootOf(right)];
  return [...consistencyOf(m - k, right, false), rootOf(left)];
}

// Keys and signatures

/** An Ed25519 key made of one byte repeated, so that nothing here is random. */
export function key(byte) {
  const seed = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), Buffer.alloc(32, byte)]);
  const secret = createPrivateKey({ key: seed, format: "der", type: "pkcs8" });
  const raw = createPublicKey(secret).export({ format: "der", type: "spki" }).subarray(-32);
  return { raw, sign: (message) => sign(null, bytesOf(message), secret) };
}

export const LOG = { name: ORIGIN, type: 1, ...key(1) };
export const W1 = { name: WITNESS, type: 4, ...key(2) };
export const W2 = { name: "witness.example/w2", type: 4, ...key(3) };
export const RECEIPTS = key(4);

const idOf = ({ name, type, raw }) => sha(Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(type), raw])).subarray(0, 4);

export function vkey(one) {
  return `${one.name}+${idOf(one).toString("hex")}+${Buffer.concat([Buffer.of(one.type), one.raw]).toString("base64")}`;
}

export function signedBy(one, text, signature = one.sign(text)) {
  return `— ${one.name} ${Buffer.concat([idOf(one), signature]).toString("base64")}\n`;
}

export function cosignedBy(one, text, time = 1_700_000_000n) {
  const signature = one.sign(`cosignature/v1\ntime ${time}\n${text}`);
  const at = Buffer.alloc(8);
  at.writeBigUInt64BE(time);
  return signedBy(one, text, Buffer.concat([at, signature]));
}

export function checkpointText(leaves, origin = ORIGIN) {
  return `${origin}\n${leaves.length}\n${rootOf(leaves).toString("base64")}\n`;
}

export const POLICY = `# one witness is enough\nlog ${vkey(LOG)}\nwitness W1 ${vkey(W1)}\nwitness\tW2 ${vkey(W2)} https://w2.example/\ngroup both any W1 W2\nquorum both\n`;

export function proofText(index, path, checkpoint) {
  const hashes = path.map((hash) => `${hash.toString("base64")}\n`).join("");
  return `c2sp.org/tlog-proof@v1\nindex ${index}\n${hashes}\n${checkpoint}`;
}

/**
 * Return the files of a record.zip: the record's leaves are every second one of a log with others between.
 * @param {(object | string)[]} leaves
 */
export function files(leaves = auction()) {
  const notices = [{ kind: "notice", number: 1, text: "拍卖公告" }, { kind: "warning", number: 2, text: "须知" }];
  const told = { notices: hex(notices.map(({ text }) => hex(text)).join("\n")), tour: hex("tour") };
  const mine = lines([{ ...leaves[0], ...told }, ...leaves.slice(1)]);
  const log = mine.flatMap((line, at) => [`another auction's leaf ${at}`, line]);
  const text = checkpointText(log);
  const checkpoint = `${text}\n${signedBy(LOG, text)}${cosignedBy(W1, text)}`;
  const proofs = mine.map((_, at) => [`proofs/${at + 1}.tlog-proof`, proofText(2 * at + 1, pathOf(2 * at + 1, log), checkpoint)]);
  return new Map([
    ["record.jsonl", mine.map((line) => `${line}\n`).join("")],
    ["checkpoint", checkpoint],
    ["policy", POLICY],
    ["keys.json", JSON.stringify({ receipt: [{ id: "k1", key: RECEIPTS.raw.toString("base64") }] })],
    ["notices.json", JSON.stringify(notices)],
    ["tour.json", "tour"],
    ["opening.json", JSON.stringify({ code: "AAAA", nonce: NONCE.toString("base64"), identity: IDENTITY })],
    ...proofs,
  ]);
}

/** The leaves of the log that `files` makes of a record. */
export function logOf(made) {
  const mine = made.get("record.jsonl").split("\n").slice(0, -1);
  return mine.flatMap((line, at) => [`another auction's leaf ${at}`, line]);
}

// Receipts

/** @param {Record<string, string | number>} says */
export function receipt(head, says, { batch = ["another", null, "a third"], secret = RECEIPTS } = {}) {
  const statement = [head, ...Object.entries(says).map(([name, value]) => `${name} ${value}`)].join("\n");
  const leaves = batch.map((one) => one ?? statement);
  const [index, size] = [batch.indexOf(null), leaves.length];
  const path = pathOf(index, leaves).map((hash) => hash.toString("base64")).join(" ") || "-";
  const signature = secret.sign(`judic-bid-batch/v1\n${size}\n${rootOf(leaves).toString("base64")}\n`).toString("base64");
  return new Uint8Array(Buffer.from(`${statement}\n\nindex ${index}\nsize ${size}\npath ${path}\n\nsig ${signature}\n`));
}

// Zips

/**
 * @param {Map<string, string | Uint8Array>} entries
 * @param {{ stored?: boolean, change?: (directory: Buffer) => void }} how
 */
export function zip(entries, { stored = false, change = () => {} } = {}) {
  const [bodies, directory] = [[], []];
  let at = 0;
  for (const [name, content] of entries) {
    const [named, whole] = [Buffer.from(name), bytesOf(content)];
    const packed = stored ? whole : deflateRawSync(whole);
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(stored ? 0 : 8, 4);
    shared.writeUInt32LE(crc32(whole), 10);
    shared.writeUInt32LE(packed.length, 14);
    shared.writeUInt32LE(whole.length, 18);
    shared.writeUInt16LE(named.length, 22);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    const entry = Buffer.concat([Buffer.from("504b01021400", "hex"), shared, rest, named]);
    change(entry, name);
    directory.push(entry);
    bodies.push(Buffer.from("504b0304", "hex"), shared, named, packed);
    at += 30 + named.length + packed.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.size, 8);
  end.writeUInt16LE(entries.size, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(at, 16);
  return new Uint8Array(Buffer.concat([...bodies, listed, end]));
}
