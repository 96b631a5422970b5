/** The rules of receipts, R1 to R6 (section 5 of the text). */

import { base64, fromBase64, same, text, utf8 } from "./bytes.js";
import { isSigned, KEY_LENGTH, NoEd25519, needEd25519 } from "./ed25519.js";
import { integer, parsed } from "./lines.js";
import { hash, whole } from "./note.js";
import { leafHash, rootOf } from "./tree.js";

/**
 * @typedef {import("./bytes.js").Bytes} Bytes
 * @typedef {import("./findings.js").Findings} Findings
 * @typedef {import("./lines.js").Line} Line
 * @typedef {object} Receipt
 * @property {boolean} refused
 * @property {Map<string, string>} says
 * @property {Bytes} message what is signed
 * @property {Bytes} signature
 * @typedef {object} ReceiptKey
 * @property {Bytes} bytes
 * @property {number} [from] when receipts by it begin to count, in ms
 * @property {number} [until] when they cease to
 * @typedef {import("./log.js").Log} Log
 * @typedef {import("./tree.js").Head & { origin: string }} Seen
 * @typedef {{ lines: Line[], log: Log | null }} Record with its log, if it came with one
 */

const LARGEST = 65_535;
const NAMED = /^([^ ]+) (.*)$/s;
const PATH = /^path (-|[A-Za-z0-9+/=]+(?: [A-Za-z0-9+/=]+)*)$/;
const DECIMAL = /^-?[0-9]+$/;
const HEADS = new Map([
  ["judic-bid-receipt/v1", "origin lot seq code cid amount in_t t deadline leaf prev key".split(" ")],
  ["judic-bid-refusal/v1", "origin lot code cid amount in_t t reason article price deadline state least key".split(" ")],
]);
const RECORDED = ["code", "cid", "amount", "in_t", "t", "deadline", "prev"];

/**
 * Return the keys receipts were ever signed with, by their ids; none if the file is none.
 * @param {Bytes | null} bytes
 */
export function readKeys(bytes) {
  const told = bytes && parsed(text(bytes) ?? "", 4);
  const listed = told instanceof Map ? told.get("receipt") : null;
  /** @type {Map<string, ReceiptKey>} */
  const keys = new Map();
  for (const one of Array.isArray(listed) ? listed : []) {
    const read = one instanceof Map ? readKey(one) : null;
    if (read) keys.set(...read);
  }
  return keys;
}

/**
 * @param {Map<string, import("./json.js").Json>} told
 * @returns {[string, ReceiptKey] | null}
 */
function readKey(told) {
  const [id, written] = [told.get("id"), told.get("key")];
  const bytes = typeof written === "string" ? fromBase64(written) : null;
  const [from, until] = ["from", "until"].map((name) => (told.has(name) ? integer(told, name) : undefined));
  if (typeof id !== "string" || bytes?.length !== KEY_LENGTH || from === null || until === null) return null;
  return [id, { bytes, from, until }];
}

/**
 * Return whether a receipt is by this key, and was given in the key's time; who tells no time needs one without an end.
 * @param {Receipt} receipt
 * @param {ReceiptKey} key
 */
export async function isGenuine({ says, message, signature }, { bytes, from, until }) {
  const t = whole(says.get("t") ?? "");
  const inTime = t === null ? until === undefined : t >= (from ?? 0) && t < (until ?? Infinity);
  return inTime && isSigned(bytes, signature, message);
}

/**
 * Hold a record to receipts of it.
 * @param {Bytes[]} receipts
 * @param {(id: string) => ReceiptKey | undefined} keyOf
 * @param {Record} record
 * @param {Findings} findings
 */
export async function checkReceipts(receipts, keyOf, { lines, log }, findings) {
  if (!receipts.length) return;
  try {
    await needEd25519();
  } catch (error) {
    if (!(error instanceof NoEd25519)) throw error;
    return findings.remark("R1", 0, "Ed25519");
  }
  const logged = log?.stands && log.checkpoint ? new Logged(log, log.checkpoint, lines, findings) : null;
  for (const bytes of receipts) {
    const receipt = readReceipt(bytes);
    const key = receipt && keyOf(receipt.says.get("key") ?? "");
    const genuine = key && (await isGenuine(receipt, key));
    if (!genuine) findings.broken("R1", 0, receipt?.says.get("cid") ?? "");
    else {
      if (receipt.refused) judgeRefusal(receipt.says, lines, findings);
      else judgeReceipt(receipt.says, lines, findings);
      logged?.judge(receipt);
    }
  }
}

/** What receipts say of the log, held to it and to each other: R5 and R6. */
class Logged {
  /** @type {Map<number, Bytes>} by the size */
  #roots = new Map();

  /**
   * @param {Log} log
   * @param {import("./note.js").Checkpoint} checkpoint
   * @param {Line[]} lines
   * @param {Findings} findings
   */
  constructor(log, checkpoint, lines, findings) {
    this.log = log;
    this.origin = checkpoint.origin;
    this.lines = lines;
    this.findings = findings;
    this.#roots.set(checkpoint.size, checkpoint.root);
  }

  /** @param {Receipt} receipt */
  judge({ refused, says }) {
    const index = refused ? null : this.#indexOf(says);
    const seen = readSeen(says);
    const fits = seen?.origin !== this.origin || (this.#isKnown(seen) && (index === null || index >= seen.size));
    if (!fits) this.findings.broken("R5", 0, says.get("cid"));
    if (!refused && index === null && this.#isOverdue(says)) this.findings.broken("R6", 0, says.get("cid"));
  }

  /**
   * Return where a receipt's leaf is proven to be, null if it is not.
   * @param {Map<string, string>} says
   */
  #indexOf(says) {
    const seq = whole(says.get("seq") ?? "") ?? 0;
    const mine = isOfLot(says, this.lines) && this.lines[seq - 1]?.hash === says.get("leaf");
    return mine ? (this.log.proven.get(seq) ?? null) : null;
  }

  /** @param {Seen} seen */
  #isKnown({ size, root }) {
    const known = this.#roots.get(size) ?? root;
    this.#roots.set(size, known);
    return same(known, root);
  }

  /** @param {Map<string, string>} says */
  #isOverdue(says) {
    const [t, delay] = [whole(says.get("t") ?? ""), whole(says.get("mmd_ms") ?? "")];
    return t !== null && delay !== null && this.log.latest > BigInt(t) + BigInt(delay);
  }
}

/**
 * Return the checkpoint that a receipt names, null if it tells none.
 * @param {Map<string, string>} says
 * @returns {Seen | null}
 */
export function readSeen(says) {
  const [sized = "", rooted = "", origin, ...more] = (says.get("seen") ?? "").split(" ");
  const [size, root] = [whole(sized), hash(rooted)];
  return size !== null && root && origin && !more.length ? { size, root, origin } : null;
}

/**
 * Return a receipt as it is written, nothing of it verified; null if it is none.
 * @param {Bytes} bytes
 * @returns {Receipt | null}
 */
export function readReceipt(bytes) {
  const blocks = bytes.length <= LARGEST ? (text(bytes) ?? "").replace(/\n$/, "").split("\n\n") : [];
  const [statement = "", proof = "", signed = ""] = blocks;
  const says = readStatement(statement);
  const message = says && readMessage(statement, proof);
  const signature = signed.startsWith("sig ") ? fromBase64(signed.slice("sig ".length)) : null;
  if (blocks.length !== 3 || !message || !signature) return null;
  return { refused: statement.startsWith("judic-bid-refusal/"), says, message, signature };
}

/**
 * @param {string} statement
 * @returns {Map<string, string> | null}
 */
function readStatement(statement) {
  const [head = "", ...lines] = statement.split("\n");
  const needed = HEADS.get(head);
  /** @type {Map<string, string>} */
  const says = new Map();
  for (const line of lines) {
    const [, name, value] = NAMED.exec(line) ?? [];
    if (name === undefined || value === undefined || says.has(name)) return null;
    says.set(name, value);
  }
  return needed?.every((name) => says.has(name)) ? says : null;
}

/**
 * Return what was signed: the root of the batch the statement is a leaf of.
 * @param {string} statement
 * @param {string} proof
 */
function readMessage(statement, proof) {
  const [indexed = "", sized = "", pathed = "", ...more] = proof.split("\n");
  const index = indexed.startsWith("index ") ? whole(indexed.slice("index ".length)) : null;
  const size = sized.startsWith("size ") ? whole(sized.slice("size ".length)) : null;
  const [, written = ""] = PATH.exec(pathed) ?? [];
  const path = written === "-" ? [] : written.split(" ").map(hash);
  if (index === null || size === null || more.length || !path.every((one) => one !== null)) return null;
  const root = rootOf(leafHash(utf8(statement)), index, size, path);
  return root && utf8(`judic-bid-batch/v1\n${size}\n${base64(root)}\n`);
}

/**
 * @param {Map<string, string>} says
 * @param {Line[]} lines
 * @param {Findings} findings
 */
function judgeReceipt(says, lines, findings) {
  const line = lines[(whole(says.get("seq") ?? "") ?? 0) - 1];
  if (!line || !isOf(line, says, lines)) findings.broken("R2", 0, says.get("cid"));
}

/**
 * Return whether a line is the bid that a receipt says it is.
 * @param {Line} line
 * @param {Map<string, string>} says
 * @param {Line[]} lines of the record it is in
 */
export function isOf(line, says, lines) {
  const told = isBid(line) && RECORDED.every((name) => written(line, name) === says.get(name));
  return told && isOfLot(says, lines) && line.hash === says.get("leaf");
}

/**
 * @param {Map<string, string>} says
 * @param {Line[]} lines
 * @param {Findings} findings
 */
function judgeRefusal(says, lines, findings) {
  const cid = says.get("cid") ?? "";
  if (!isOfLot(says, lines)) return findings.remark("R3", 0, cid);
  const held = lines.some((line) => isBid(line) && ["code", "cid"].every((name) => written(line, name) === says.get(name)));
  if (held) findings.broken("R3", 0, cid);
  const [in_t = "", deadline = ""] = [says.get("in_t"), says.get("deadline")];
  const known = DECIMAL.test(in_t) && DECIMAL.test(deadline);
  if (says.get("reason") === "out_of_time" && known && BigInt(in_t) < BigInt(deadline)) findings.broken("R4", 0, cid);
}

/** @param {Line} line */
function isBid({ leaf }) {
  return leaf?.get("kind") === "bid";
}

/**
 * Return a field as a receipt writes it: a text as it is, an integer in digits.
 * @param {Line} line
 * @param {string} name
 */
function written({ leaf }, name) {
  const value = leaf?.get(name);
  return typeof value === "string" ? value : Number.isSafeInteger(value) ? String(value) : undefined;
}

/**
 * @param {Map<string, string>} says
 * @param {Line[]} lines
 */
function isOfLot(says, lines) {
  return says.get("lot") === String(lotOf(lines));
}

/**
 * Return the lot of the first line that is no S0, null if it tells none.
 * @param {Line[]} lines
 */
export function lotOf(lines) {
  const leaf = lines.find((line) => line.leaf)?.leaf;
  return leaf ? integer(leaf, "lot") : null;
}
