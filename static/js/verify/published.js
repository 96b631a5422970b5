/** The rules of what was published, D1 and I1 (section 6 of the text). */

import { fromBase64, hex, isWellFormed, joined, text, utf8 } from "./bytes.js";
import { isWinner } from "./fold.js";
import { canonical } from "./json.js";
import { parsed } from "./lines.js";
import { sha256 } from "./sha256.js";

/**
 * @typedef {import("./bytes.js").Bytes} Bytes
 * @typedef {import("./findings.js").Findings} Findings
 * @typedef {import("./fold.js").Round} Round
 * @typedef {import("./json.js").Json} Json
 * @typedef {import("./lines.js").Line} Line
 */

const DEEPEST = 4;
const IDENTITY = ["kind", "name", "number"];

/**
 * Hold the first leaf to the announcement and the tour, and return whether there was either to hold it to.
 * @param {{ notices: Bytes | null, tour: Bytes | null }} files
 * @param {Line} first
 * @param {Findings} findings
 */
export function checkPublished({ notices, tour }, { leaf }, findings) {
  const announced = leaf?.has("notices") ? notices : null;
  const toured = leaf?.has("tour") ? tour : null;
  if (announced && leaf?.get("notices") !== digest(announced)) findings.broken("D1", 1, "notices");
  if (toured && leaf?.get("tour") !== hex(sha256(toured))) findings.broken("D1", 1, "tour");
  return Boolean(announced || toured);
}

/**
 * Return the digest of an announcement's parts, null if the file is none.
 * @param {Bytes} file
 */
function digest(file) {
  const parts = parsed(text(file) ?? "", DEEPEST);
  if (!Array.isArray(parts)) return null;
  const texts = parts.map((part) => (part instanceof Map ? part.get("text") : null));
  if (!texts.every((one) => typeof one === "string" && isWellFormed(one))) return null;
  return hex(sha256(utf8(texts.map((one) => hex(sha256(utf8(String(one))))).join("\n"))));
}

/**
 * Hold the purchaser's opening to the commitment of his qualification.
 * @param {Bytes | null} file
 * @param {Round} round
 * @param {Findings} findings
 */
export function checkOpening(file, round, findings) {
  if (!file) return;
  const told = parsed(text(file) ?? "", DEEPEST);
  const code = told instanceof Map ? told.get("code") : null;
  const opened = told instanceof Map && typeof code === "string" && commitment(told) === round.commits.get(code);
  if (!opened || !isWinner(round, code)) findings.broken("I1", 0, typeof code === "string" ? code : "");
}

/**
 * @param {Map<string, Json>} opening
 * @returns {string | null} lower-case hex; null if there is no such thing in it
 */
function commitment(opening) {
  const [identity, written] = [opening.get("identity"), opening.get("nonce")];
  const nonce = typeof written === "string" ? fromBase64(written) : null;
  if (!nonce || !(identity instanceof Map) || identity.size !== IDENTITY.length) return null;
  const texts = IDENTITY.map((name) => identity.get(name));
  if (!texts.every((one) => typeof one === "string" && isWellFormed(one))) return null;
  return hex(sha256(joined(utf8("judic-id-v1\0"), nonce, utf8(canonical(identity)))));
}
