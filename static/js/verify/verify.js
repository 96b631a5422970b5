/** Checks an auction from its record alone, written from docs/record-format.md and nothing else. */

import { base64 } from "./bytes.js";
import { Findings, Refused } from "./findings.js";
import { fold } from "./fold.js";
import { integer, readLines } from "./lines.js";
import { checkLog } from "./log.js";
import { checkOpening, checkPublished } from "./published.js";
import { checkReceipts, lotOf, readKeys } from "./receipts.js";
import { isZip, Zip } from "./zip.js";

/**
 * @typedef {import("./bytes.js").Bytes} Bytes
 * @typedef {import("./findings.js").Finding} Finding
 * @typedef {import("./fold.js").Round} Round
 * @typedef {import("./lines.js").Line} Line
 * @typedef {import("./log.js").Older} Older
 * @typedef {import("./note.js").Checkpoint} Checkpoint
 * @typedef {object} Given what the caller knows besides
 * @property {boolean} [running] whether the round may be without an end
 * @property {Bytes[]} [receipts]
 * @property {Bytes} [receiptKey] used whatever a receipt says
 * @property {Bytes} [policy] in place of the zip's
 * @property {Bytes} [opening] the purchaser's, in place of the zip's
 * @property {Older[]} [older] checkpoints kept from earlier
 * @property {number} [at] when the file was fetched, in ms
 * @typedef {object} Summary
 * @property {number | null} lot
 * @property {number} leaves
 * @property {number} bids
 * @property {string | null} winner
 * @property {number | null} price
 * @property {number | null} deadline
 * @property {number | null} ended_t
 * @property {string | null} origin
 * @property {number | null} size
 * @property {string | null} root
 * @property {string[]} witnesses
 * @typedef {object} Verdict
 * @property {boolean} ok
 * @property {number} count of all violations
 * @property {Finding[]} violations the first of them
 * @property {Finding[]} remarks
 * @property {Summary} summary
 * @property {(number | null)[]} times when each line was written, as it says itself
 * @property {boolean} published whether there was an announcement or a tour to hold the record to
 */

/** @type {Summary} */
const NOTHING = {
  lot: null,
  leaves: 0,
  bids: 0,
  winner: null,
  price: null,
  deadline: null,
  ended_t: null,
  origin: null,
  size: null,
  root: null,
  witnesses: [],
};

/**
 * Return what a record, or a zip of it, is found to be.
 * @param {Bytes} file
 * @param {Given} given
 */
export function check(file, given = {}) {
  return unlessRefused(() => (isZip(file) ? checkedZip(file, given) : checkedRecord(file, given)));
}

/**
 * Return what a record.jsonl is found to be, whatever it begins with.
 * @param {Bytes} record
 * @param {Given} given
 */
export function checkRecord(record, given = {}) {
  return unlessRefused(() => checkedRecord(record, given));
}

/**
 * @param {() => Promise<Verdict>} checked
 * @returns {Promise<Verdict>}
 */
async function unlessRefused(checked) {
  try {
    return await checked();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const refusal = { rule: "F0", line: 0, what: error.message };
    return { ok: false, count: 1, violations: [refusal], remarks: [], summary: { ...NOTHING }, times: [], published: false };
  }
}

/**
 * @param {Bytes} record
 * @param {Given} given
 */
async function checkedRecord(record, given) {
  const [findings, found] = readRecord(record, given);
  findings.remark("L1", 0);
  const { receiptKey } = given;
  await checkReceipts(given.receipts ?? [], () => receiptKey && { bytes: receiptKey }, { lines: found.lines, log: null }, findings);
  checkOpening(given.opening ?? null, found.round, findings);
  return verdict(findings, found, null, []);
}

/**
 * @param {Bytes} file
 * @param {Given} given
 */
async function checkedZip(file, given) {
  const zip = new Zip(file);
  const record = await zip.read("record.jsonl");
  if (!record) throw new Refused("record.jsonl");
  const [findings, found] = readRecord(record, given);
  const log = await checkZipLog(zip, given, found.lines, findings);
  const keys = readKeys(await zip.read("keys.json"));
  const mine = given.receiptKey && { bytes: given.receiptKey };
  const keyOf = (/** @type {string} */ id) => mine ?? keys.get(id);
  await checkReceipts(given.receipts ?? [], keyOf, { lines: found.lines, log }, findings);
  const published = { notices: await zip.read("notices.json"), tour: await zip.read("tour.json") };
  const asked = checkPublished(published, /** @type {Line} */ (found.lines[0]), findings);
  checkOpening(given.opening ?? (await zip.read("opening.json")), found.round, findings);
  return { ...verdict(findings, found, log.checkpoint, log.witnesses), published: asked };
}

/**
 * @param {Zip} zip
 * @param {Given} given
 * @param {Line[]} lines
 * @param {Findings} findings
 */
async function checkZipLog(zip, given, lines, findings) {
  const files = {
    checkpoint: await zip.read("checkpoint"),
    policy: given.policy ?? (await zip.read("policy")),
    proof: (/** @type {number} */ seq) => zip.read(`proofs/${seq}.tlog-proof`),
    older: given.older ?? [],
    at: given.at ?? -1,
  };
  return checkLog(files, lines, findings);
}

/**
 * @param {Bytes} record
 * @param {Given} given
 * @returns {[Findings, { lines: Line[], round: Round }]}
 */
function readRecord(record, given) {
  const findings = new Findings();
  const lines = readLines(record, findings);
  return [findings, { lines, round: fold(lines, findings, given.running ?? false) }];
}

/**
 * @param {Findings} findings
 * @param {{ lines: Line[], round: Round }} found
 * @param {Checkpoint | null} checkpoint
 * @param {string[]} witnesses
 * @returns {Verdict}
 */
function verdict(findings, { lines, round }, checkpoint, witnesses) {
  const { count, violations, remarks } = findings;
  const closed = round.end?.text("kind") === "close";
  const summary = {
    lot: lotOf(lines),
    leaves: lines.length,
    bids: round.bids,
    winner: closed ? round.leader : null,
    price: round.price,
    deadline: round.deadline,
    ended_t: round.end?.t ?? null,
    origin: checkpoint?.origin ?? null,
    size: checkpoint?.size ?? null,
    root: checkpoint && base64(checkpoint.root),
    witnesses,
  };
  const times = lines.map(({ leaf }) => leaf && integer(leaf, "t"));
  return { ok: !count, count, violations, remarks, summary, times, published: false };
}
