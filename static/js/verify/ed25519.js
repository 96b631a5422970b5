/** Ed25519 signatures, which the platform checks. */

import { fromBase64 } from "./bytes.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */

export const KEY_LENGTH = 32;
const SIGNATURE_LENGTH = 64;

/** This browser knows no Ed25519, or gives it to safe pages only. */
export class NoEd25519 extends Error {}

/** Any key at all; the first test vector of RFC 8032. */
const SOME_KEY = fromBase64("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");

/** @throws {NoEd25519} */
export async function needEd25519() {
  try {
    await key(/** @type {Bytes} */ (SOME_KEY));
  } catch {
    throw new NoEd25519();
  }
}

/** @param {Bytes} bytes */
function key(bytes) {
  return crypto.subtle.importKey("raw", bytes, "Ed25519", false, ["verify"]);
}

/**
 * @param {Bytes} publicKey
 * @param {Bytes} signature
 * @param {Bytes} message
 */
export async function isSigned(publicKey, signature, message) {
  if (publicKey.length !== KEY_LENGTH || signature.length !== SIGNATURE_LENGTH) return false;
  try {
    return await crypto.subtle.verify("Ed25519", await key(publicKey), signature, message);
  } catch {
    return false; // a key that is no point of the curve
  }
}
