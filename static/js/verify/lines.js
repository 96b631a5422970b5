/** A record's lines, each held to the rules of one line: S0 to S7, P1 and B0. */

import { hex, text } from "./bytes.js";
import { Refused } from "./findings.js";
import { faults, KINDS } from "./fields.js";
import { canonical, NoForm, NotJson, parse } from "./json.js";
import { sha256 } from "./sha256.js";

/**
 * @typedef {import("./bytes.js").Bytes} Bytes
 * @typedef {import("./findings.js").Findings} Findings
 * @typedef {import("./json.js").Json} Json
 * @typedef {Map<string, Json>} Leaf
 * @typedef {object} Line
 * @property {number} number from 1
 * @property {Bytes} bytes without the newline
 * @property {string} hash lower-case hex
 * @property {Leaf | null} leaf null if it is S0
 * @property {boolean} counts whether it takes part in the fold
 */

const MOST_BYTES = 64 * 2 ** 20;
const MOST_LINES = 200_000;
const LONGEST = 65_535;
const DEEPEST = 4;
const NEWLINE = 0x0a;
const NO_LINE_BEFORE = "0".repeat(64);

/**
 * Return the lines of a record, none of them judged.
 * @param {Bytes} record
 * @throws {Refused}
 */
export function split(record) {
  if (!record.length || record.length > MOST_BYTES || record.at(-1) !== NEWLINE) throw new Refused("record.jsonl");
  /** @type {Bytes[]} */
  const found = [];
  for (let start = 0; start < record.length; ) {
    const end = record.indexOf(NEWLINE, start);
    if (found.push(record.subarray(start, end)) > MOST_LINES) throw new Refused("record.jsonl");
    start = end + 1;
  }
  return found;
}

/**
 * Return the lines of a record, each held to the rules of one line.
 * @param {Bytes} record
 * @param {Findings} findings
 * @returns {Line[]}
 * @throws {Refused}
 */
export function readLines(record, findings) {
  const seen = new Seen();
  return split(record).map((bytes, index) => {
    const [number, leaf] = [index + 1, read(bytes)];
    const line = { number, bytes, hash: hex(sha256(bytes)), leaf: leaf?.value ?? null, counts: false };
    if (leaf) {
      if (!leaf.canonical) findings.broken("S1", number);
      seen.judge(leaf.value, number, findings);
      line.counts = hasItsFields(leaf.value, number, findings);
    } else findings.broken("S0", number);
    seen.prev = line.hash;
    return line;
  });
}

/**
 * @param {Bytes} bytes
 * @returns {{ value: Leaf, canonical: boolean } | null}
 */
function read(bytes) {
  const written = bytes.length > LONGEST ? null : text(bytes);
  if (written === null) return null;
  const value = parsed(written, DEEPEST);
  return value instanceof Map ? { value, canonical: isCanonical(value, written) } : null;
}

/**
 * Return what a text says as JSON, undefined if it is none.
 * @param {string} written
 * @param {number} depth
 */
export function parsed(written, depth) {
  try {
    return parse(written, depth);
  } catch (error) {
    if (error instanceof NotJson) return undefined;
    throw error;
  }
}

/**
 * @param {Leaf} leaf
 * @param {string} written
 */
function isCanonical(leaf, written) {
  try {
    return canonical(leaf) === written;
  } catch (error) {
    if (error instanceof NoForm) return false;
    throw error;
  }
}

/**
 * Return a field's integer, null if there is none.
 * @param {Leaf} leaf
 * @param {string} name
 */
export function integer(leaf, name) {
  const value = leaf.get(name);
  return Number.isSafeInteger(value) ? Number(value) : null;
}

/** What the lines so far told that later ones are held to. */
class Seen {
  prev = NO_LINE_BEFORE;
  /** @type {{ is: Json | undefined } | null} */
  #lot = null;
  #t = -Infinity;

  /**
   * @param {Leaf} leaf
   * @param {number} number
   * @param {Findings} findings
   */
  judge(leaf, number, findings) {
    if (leaf.get("seq") !== number) findings.broken("S2", number, String(integer(leaf, "seq") ?? ""));
    if (leaf.get("prev") !== this.prev) findings.broken("S3", number);
    if (!this.#lot) this.#lot = { is: leaf.get("lot") };
    else if (leaf.get("lot") !== this.#lot.is) findings.broken("S4", number);
    const t = integer(leaf, "t");
    if (t !== null && t < this.#t) findings.broken("S5", number, `${t} < ${this.#t}`);
    this.#t = t ?? this.#t;
    if ((leaf.get("kind") === "open") !== (number === 1)) findings.broken("S6", number);
  }
}

/**
 * Return whether a leaf is of a known kind and has what that needs, no more, of the right types.
 * @param {Leaf} leaf
 * @param {number} number
 * @param {Findings} findings
 */
function hasItsFields(leaf, number, findings) {
  const kind = KINDS.get(String(leaf.get("kind")));
  if (!kind || typeof leaf.get("kind") !== "string") {
    findings.broken("S7", number);
    return false;
  }
  const found = [...faults(leaf, kind)];
  for (const { rule, name } of found) findings.broken(rule, number, name);
  return !found.length;
}
