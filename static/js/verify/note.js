/** Signed notes and checkpoints (c2sp.org/signed-note, c2sp.org/tlog-checkpoint, c2sp.org/tlog-cosignature). */

import { fromBase64, hex, joined, text, utf8 } from "./bytes.js";
import { isSigned, KEY_LENGTH } from "./ed25519.js";
import { sha256 } from "./sha256.js";

/**
 * @typedef {import("./bytes.js").Bytes} Bytes
 * @typedef {{ name: string, id: string, bytes: Bytes }} Signature
 * @typedef {{ text: string, signatures: Signature[] }} Note
 * @typedef {{ note: Note, origin: string, size: number, root: Bytes }} Checkpoint
 * @typedef {{ name: string, id: string, type: number, bytes: Bytes }} Key
 */

export const BY_LOG = 0x01;
export const BY_WITNESS = 0x04;

const MOST_SIGNATURES = 100;
const HASH_LENGTH = 32;
const ID_LENGTH = 4;
const TIME_LENGTH = 8;
const LATEST = 2n ** 63n;
const CONTROL = /[\u0000-\u0009\u000b-\u001f]/;
const SIGNATURE = /^— ([^+\p{White_Space}]+) ([A-Za-z0-9+/=]+)$/u;
const KEY = /^([^+\p{White_Space}]+)\+([0-9a-fA-F]{8})\+(.+)$/u;
const WHOLE = /^(?:0|[1-9][0-9]{0,15})$/;

/**
 * Return a whole number as it may be written, null for any other text.
 * @param {string} written
 */
export function whole(written) {
  const number = WHOLE.test(written) ? Number(written) : NaN;
  return Number.isSafeInteger(number) ? number : null;
}

/**
 * Return a hash written in base64, else null.
 * @param {string} written
 */
export function hash(written) {
  const bytes = fromBase64(written);
  return bytes?.length === HASH_LENGTH ? bytes : null;
}

/**
 * Return a note as it is written, no signature verified; null if it is none.
 * @param {Bytes} bytes
 * @returns {Note | null}
 */
export function readNote(bytes) {
  const whole = text(bytes) ?? "";
  const end = whole.lastIndexOf("\n\n");
  if (end < 0 || !whole.endsWith("\n") || CONTROL.test(whole)) return null;
  const lines = whole.slice(end + 2, -1).split("\n");
  if (lines.length > MOST_SIGNATURES) return null;
  const signatures = lines.map(signature);
  return signatures.every((one) => one !== null) ? { text: whole.slice(0, end + 1), signatures } : null;
}

/**
 * @param {string} line
 * @returns {Signature | null}
 */
function signature(line) {
  const [, name = "", written = ""] = SIGNATURE.exec(line) ?? [];
  const bytes = fromBase64(written);
  if (!bytes || bytes.length <= ID_LENGTH) return null;
  return { name, id: hex(bytes.subarray(0, ID_LENGTH)), bytes: bytes.subarray(ID_LENGTH) };
}

/**
 * Return a checkpoint of three lines, no signature verified; null if it is none.
 * @param {Bytes} bytes
 * @returns {Checkpoint | null}
 */
export function readCheckpoint(bytes) {
  const note = readNote(bytes);
  const [origin = "", sized = "", rooted = "", rest, ...more] = (note?.text ?? "").split("\n");
  const [size, root] = [whole(sized), hash(rooted)];
  if (!note || !origin || size === null || !root || rest !== "" || more.length) return null;
  return { note, origin, size, root };
}

/**
 * Return a key as a policy writes it, null if it is none or its id is not its own.
 * @param {string} written
 * @returns {Key | null}
 */
export function readKey(written) {
  const [, name = "", id = "", encoded = ""] = KEY.exec(written) ?? [];
  const bytes = fromBase64(encoded);
  if (!name || !bytes?.length) return null;
  const key = { name, id: id.toLowerCase(), type: bytes[0], bytes: bytes.subarray(1) };
  return isOurs(key.type) && !hasItsId(key) ? null : key;
}

/** @param {number} type */
function isOurs(type) {
  return type === BY_LOG || type === BY_WITNESS;
}

/** @param {Key} key */
function hasItsId({ name, id, type, bytes }) {
  const digest = sha256(joined(utf8(`${name}\n`), Uint8Array.of(type), bytes));
  return bytes.length === KEY_LENGTH && hex(digest.subarray(0, ID_LENGTH)) === id;
}

/**
 * Return whether a key made a signature of a note.
 * @param {Key} key
 * @param {Signature} signature
 * @param {Note} note
 */
export function isBy(key, signature, note) {
  if (key.type === BY_LOG) return isSigned(key.bytes, signature.bytes, utf8(note.text));
  return isCosigned(key, signature, note.text);
}

/**
 * Return the time a cosignature states, in seconds.
 * @param {Signature} signature
 */
export function timeOf({ bytes }) {
  return new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0);
}

/**
 * @param {Key} key
 * @param {Signature} signature whose bytes are the time in seconds and then the signature itself
 * @param {string} text
 */
async function isCosigned(key, signature, text) {
  const { bytes } = signature;
  if (bytes.length < TIME_LENGTH) return false;
  const time = timeOf(signature);
  const message = utf8(`cosignature/v1\ntime ${time}\n${text}`);
  return time < LATEST && isSigned(key.bytes, bytes.subarray(TIME_LENGTH), message);
}
