/**
 * The checker at a terminal: `node cli.js [--json] [--running] [--policy FILE] [--receipt-key BASE64] [--receipt FILE]…
 * [--opening FILE] [--at MS] [--since CHECKPOINT [--consistency FILE]]… PATH…`, or `--batch`: a base64 record.jsonl a line, an object a line.
 */

// @ts-expect-error the house has no types of Node
import { readFileSync } from "node:fs";
// @ts-expect-error the house has no types of Node
import process from "node:process";
// @ts-expect-error the house has no types of Node
import { createInterface } from "node:readline";

import { fromBase64 } from "./bytes.js";
import { whole } from "./note.js";
import { REMARKS, said, VIOLATIONS } from "./sentences.js";
import { check, checkRecord } from "./verify.js";

/**
 * @typedef {import("./bytes.js").Bytes} Bytes
 * @typedef {import("./verify.js").Verdict} Verdict
 * @typedef {import("./verify.js").Given} Given
 * @typedef {Given & { json: boolean, batch: boolean, paths: string[], receipts: Bytes[],
 *   older: { checkpoint: Bytes, consistency: Bytes | null }[] }} Asked
 */

const USAGE = `node cli.js [--json] [--running] [--policy FILE] [--receipt-key BASE64] [--receipt FILE]...
            [--opening FILE] [--at MS] [--since CHECKPOINT [--consistency FILE]]... PATH...
node cli.js --batch [--running] < base64 of a record.jsonl a line`;

class Misuse extends Error {}

/** @type {Record<string, (asked: Asked) => void>} */
const SWITCHES = {
  "--json": (asked) => void (asked.json = true),
  "--running": (asked) => void (asked.running = true),
  "--batch": (asked) => void (asked.batch = true),
};

/** @type {Record<string, (asked: Asked, word: string) => void>} */
const OPTIONS = {
  "--policy": (asked, path) => void (asked.policy = file(path)),
  "--opening": (asked, path) => void (asked.opening = file(path)),
  "--receipt": (asked, path) => void asked.receipts.push(file(path)),
  "--receipt-key": (asked, word) => void (asked.receiptKey = fromBase64(word) ?? misuse()),
  "--at": (asked, word) => void (asked.at = whole(word) ?? misuse()),
  "--since": (asked, path) => void asked.older.push({ checkpoint: file(path), consistency: null }),
  "--consistency": (asked, path) => void ((asked.older.at(-1) ?? misuse()).consistency = file(path)),
};

/** @returns {never} */
function misuse() {
  throw new Misuse();
}

/**
 * @param {string} path
 * @returns {Bytes}
 */
function file(path) {
  try {
    return new Uint8Array(readFileSync(path));
  } catch {
    return misuse();
  }
}

/**
 * @param {string[]} words
 * @returns {Asked}
 */
function asked(words) {
  /** @type {Asked} */
  const found = { json: false, batch: false, running: false, paths: [], receipts: [], older: [] };
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (SWITCHES[word]) SWITCHES[word](found);
    else if (OPTIONS[word]) OPTIONS[word](found, words[++at] ?? misuse());
    else if (word.startsWith("--")) misuse();
    else found.paths.push(word);
  }
  if (found.batch === found.paths.length > 0) misuse();
  return found;
}

/** @param {Verdict} verdict */
function inJson({ ok, violations, remarks, summary }) {
  return JSON.stringify({
    ok,
    violations: violations.map((one) => said(VIOLATIONS, one)),
    remarks: remarks.map((one) => said(REMARKS, one)),
    summary,
  });
}

/** @param {Verdict} verdict */
function inWords({ ok, count, violations, remarks, summary }) {
  const broken = violations.map((one) => said(VIOLATIONS, one)).map(({ rule, line, text }) => `${rule} line ${line}: ${text}`);
  const noted = remarks.map((one) => said(REMARKS, one)).map(({ rule, line, text }) => `remark ${rule} line ${line}: ${text}`);
  const { lot, leaves, bids, winner, price } = summary;
  const told = `lot ${lot}, ${leaves} lines, ${bids} bids, winner ${winner ?? "none"}, price ${price ?? "none"} fen`;
  return [...broken, ...noted, `${ok ? "no rule is broken" : `${count} violations`}: ${told}`].join("\n");
}

/** @param {Asked} given */
async function batch(given) {
  for await (const line of createInterface({ input: process.stdin })) {
    process.stdout.write(`${inJson(await checkRecord(fromBase64(line) ?? misuse(), given))}\n`);
  }
  return 0;
}

/** @param {Asked} given */
async function checkAll(given) {
  let code = 0;
  for (const path of given.paths) {
    const verdict = await check(file(path), given);
    process.stdout.write(`${given.json ? inJson(verdict) : inWords(verdict)}\n`);
    if (!verdict.ok) code = 1;
  }
  return code;
}

/** @param {string[]} words */
async function main(words) {
  try {
    const given = asked(words);
    return await (given.batch ? batch(given) : checkAll(given));
  } catch (error) {
    if (!(error instanceof Misuse)) throw error;
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
}

process.exitCode = await main(process.argv.slice(2));
