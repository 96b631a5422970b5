/** The rules of the log, L1 to L5 (section 4 of the text). */

import { fromBase64, same, text, utf8 } from "./bytes.js";
import { NoEd25519, needEd25519 } from "./ed25519.js";
import { integer } from "./lines.js";
import { BY_LOG, hash, isBy, readCheckpoint, readNote, timeOf, whole } from "./note.js";
import { readPolicy } from "./policy.js";
import { isConsistent, leafHash, rootOf } from "./tree.js";

/**
 * @typedef {import("./bytes.js").Bytes} Bytes
 * @typedef {import("./findings.js").Findings} Findings
 * @typedef {import("./lines.js").Line} Line
 * @typedef {import("./note.js").Checkpoint} Checkpoint
 * @typedef {import("./note.js").Key} Key
 * @typedef {import("./policy.js").Policy} Policy
 * @typedef {{ checkpoint: Bytes, consistency: Bytes | null }} Older
 * @typedef {object} Files
 * @property {Bytes | null} checkpoint
 * @property {Bytes | null} policy
 * @property {(seq: number) => Promise<Bytes | null>} proof
 * @property {Older[]} older
 * @property {number} at when they were fetched, in ms; -1 if nobody says
 * @typedef {object} Proof
 * @property {number} index
 * @property {Bytes[]} path
 * @property {string} text of the checkpoint it names
 * @property {string} note that checkpoint, signed
 * @property {Bytes | null} extra what goes with it
 * @typedef {{ wrong: string[], cosigned: Set<Key>, times: bigint[] }} Signed times of cosignatures in ms
 */

const PROOF = "c2sp.org/tlog-proof@v1";
const LONGEST_PROOF = 64;
const LARGEST_PROOF = 65_536;

/**
 * @typedef {object} Log
 * @property {Checkpoint | null} checkpoint
 * @property {string[]} witnesses the names of those who cosigned it
 * @property {boolean} stands whether there is no L1
 * @property {Map<number, number>} proven the index of each line without L2
 * @property {bigint} latest ms; the checkpoint is at least as late
 */

/**
 * Hold the lines to the log.
 * @param {Files} files
 * @param {Line[]} lines
 * @param {Findings} findings
 * @returns {Promise<Log>}
 */
export async function checkLog(files, lines, findings) {
  const checkpoint = files.checkpoint && readCheckpoint(files.checkpoint);
  const policy = files.policy && readPolicy(files.policy);
  if (!policy) findings.broken("L1", 0, "policy");
  if (!checkpoint) {
    findings.broken("L1", 0, "checkpoint");
    return { checkpoint: null, witnesses: [], stands: false, proven: new Map(), latest: -1n };
  }
  const proven = await checkProofs(files, checkpoint, lines, findings);
  const { witnesses, stands, times } = await checkSignatures(files, checkpoint, policy, findings);
  const written = lines.filter(({ number }) => proven.has(number)).map(({ leaf }) => leaf && integer(leaf, "t"));
  for (const t of written) if (typeof t === "number") times.push(BigInt(t));
  const latest = times.reduce((last, time) => (time > last ? time : last), BigInt(files.at));
  return { checkpoint, witnesses, stands, proven, latest };
}

/**
 * @param {Files} files
 * @param {Checkpoint} checkpoint
 * @param {Policy | null} policy
 * @param {Findings} findings
 */
async function checkSignatures(files, checkpoint, policy, findings) {
  try {
    await needEd25519();
  } catch (error) {
    if (!(error instanceof NoEd25519)) throw error;
    findings.remark("L1", 0, "Ed25519");
    return { witnesses: [], stands: false, times: [] };
  }
  for (const older of files.older) await checkOlder(older, checkpoint, policy, findings);
  if (!policy) return { witnesses: [], stands: false, times: [] };
  const { wrong, cosigned, times } = await signed(checkpoint, policy);
  for (const what of wrong) findings.broken("L1", 0, what);
  if (policy.asksNone) findings.remark("L4", 0);
  else if (!policy.isMetBy(cosigned)) findings.broken("L4", 0, policy.quorum);
  const witnesses = policy.witnessKeys.filter((key) => cosigned.has(key)).map(({ name }) => name);
  return { witnesses, stands: !wrong.length, times };
}

/**
 * Return what is wrong with the signatures of a checkpoint, and the witnesses whose cosignatures are right.
 * @param {Checkpoint} checkpoint
 * @param {Policy} policy
 * @returns {Promise<Signed>}
 */
export async function signed({ note, origin }, policy) {
  const logs = policy.logs.filter(({ name, type }) => name === origin && type === BY_LOG);
  const [keys, right] = [[...logs, ...policy.witnessKeys], new Set()];
  /** @type {[string[], bigint[]]} */
  const [wrong, times] = [[], []];
  for (const signature of note.signatures) {
    const key = keys.find(({ name, id }) => name === signature.name && id === signature.id);
    if (!key) continue;
    if (!(await isBy(key, signature, note))) wrong.push(key.name);
    else {
      right.add(key);
      if (!logs.includes(key)) times.push(1000n * timeOf(signature));
    }
  }
  if (!logs.some((key) => right.has(key))) wrong.push(origin);
  return { wrong, cosigned: right, times };
}

/**
 * @param {Files} files
 * @param {Checkpoint} checkpoint
 * @param {Line[]} lines
 * @param {Findings} findings
 */
async function checkProofs(files, checkpoint, lines, findings) {
  const known = new Map([[text(/** @type {Bytes} */ (files.checkpoint)) ?? "", checkpoint.note.text]]);
  /** @type {Map<number, number>} */
  const proven = new Map();
  /** @type {number | null} */
  let before = null;
  for (const { number, bytes } of lines) {
    const proof = readProof(await files.proof(number), known);
    if (proof && leads(proof, bytes, checkpoint)) proven.set(number, proof.index);
    else findings.broken("L2", number);
    const index = proof ? proof.index : null;
    if (before !== null && index !== null && index <= before) findings.broken("L3", number, `${index} ≤ ${before}`);
    before = index;
  }
  return proven;
}

/**
 * Return a proof (c2sp.org/tlog-proof), null if it is none.
 * @param {Bytes | null} bytes
 * @param {ReadonlyMap<string, string>} known notes that were read already, and their texts
 * @returns {Proof | null}
 */
export function readProof(bytes, known) {
  const written = bytes && bytes.length <= LARGEST_PROOF ? text(bytes) : null;
  const end = written?.indexOf("\n\n") ?? -1;
  if (!written || end < 0) return null;
  const [first, ...lines] = written.slice(0, end).split("\n");
  const more = lines[0]?.startsWith("extra ") ? lines.shift()?.slice("extra ".length) : undefined;
  const extra = more === undefined ? null : fromBase64(more);
  const [indexed = "", ...hashes] = lines;
  const index = indexed.startsWith("index ") ? whole(indexed.slice("index ".length)) : null;
  if (first !== PROOF || (more !== undefined && !extra) || index === null) return null;
  const path = hashes.map(hash);
  if (path.length > LONGEST_PROOF || !path.every((one) => one !== null)) return null;
  const note = written.slice(end + 2);
  const named = known.get(note) ?? readNote(utf8(note))?.text;
  return named === undefined ? null : { index, path, text: named, note, extra };
}

/**
 * @param {Proof} proof
 * @param {Bytes} leaf
 * @param {Checkpoint} checkpoint
 */
function leads({ index, path, text }, leaf, { note, size, root }) {
  const found = text === note.text && rootOf(leafHash(leaf), index, size, path);
  return found && same(found, root);
}

/**
 * @param {Older} older
 * @param {Checkpoint} checkpoint
 * @param {Policy | null} policy
 * @param {Findings} findings
 */
async function checkOlder(older, checkpoint, policy, findings) {
  const kept = readCheckpoint(older.checkpoint);
  const genuine = kept && policy && !(await signed(kept, policy)).wrong.length && kept.origin === checkpoint.origin;
  if (!genuine) return findings.broken("L5", 0, kept?.origin ?? "");
  const [first, second] = kept.size <= checkpoint.size ? [kept, checkpoint] : [checkpoint, kept];
  if (!isConsistent(first, second, readHashes(older.consistency))) findings.broken("L5", 0, `${kept.size}, ${checkpoint.size}`);
}

/**
 * Return the hashes of a consistency proof, a line each; none if one is malformed, which proves nothing.
 * @param {Bytes | null} bytes
 * @returns {Bytes[]}
 */
export function readHashes(bytes) {
  const lines = (bytes && text(bytes)?.replace(/\n$/, "").split("\n")) || [];
  const hashes = lines.map(hash);
  return hashes.every((one) => one !== null) ? hashes : [];
}
