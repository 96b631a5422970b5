/** Bytes and the ways they are written: UTF-8, hex, base64. */

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

const STRICT = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const ENCODER = new TextEncoder();
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const SIX_BITS = Int8Array.from({ length: 128 }, (_, code) => ALPHABET.indexOf(String.fromCharCode(code)));
const LONE = /\p{Surrogate}/u;

/**
 * Return the text of UTF-8, a BOM kept as the character it is; null if it is none.
 * @param {Bytes} bytes
 */
export function text(bytes) {
  try {
    return STRICT.decode(bytes);
  } catch {
    return null;
  }
}

/**
 * Return the UTF-8 of a text without lone surrogates.
 * @param {string} text
 * @returns {Bytes}
 */
export function utf8(text) {
  return ENCODER.encode(text);
}

/**
 * Return whether a text can be written in UTF-8, having no lone surrogate.
 * @param {string} text
 */
export function isWellFormed(text) {
  return !LONE.test(text);
}

/**
 * @param {Uint8Array} bytes
 */
export function hex(bytes) {
  let written = "";
  for (const byte of bytes) written += byte.toString(16).padStart(2, "0");
  return written;
}

/**
 * @param {Uint8Array} bytes
 */
export function base64(bytes) {
  let characters = "";
  for (const byte of bytes) characters += String.fromCharCode(byte);
  return btoa(characters);
}

/**
 * Return what base64 stands for, if it is written as RFC 4648 §4 writes it, stray bits and white space refused; else null.
 * @param {string} written
 * @returns {Bytes | null}
 */
export function fromBase64(written) {
  const padding = written.endsWith("==") ? 2 : Number(written.endsWith("="));
  const length = written.length - padding;
  if (written.length % 4) return null;
  const bytes = new Uint8Array((written.length / 4) * 3 - padding);
  let [bits, count, at] = [0, 0, 0];
  for (let place = 0; place < length; place++) {
    const six = SIX_BITS[written.charCodeAt(place)] ?? -1;
    if (six < 0) return null;
    bits = ((bits << 6) | six) & 0xffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes[at++] = bits >> count;
  }
  return bits & ((1 << count) - 1) ? null : bytes;
}

/**
 * @param {...Uint8Array} parts
 * @returns {Bytes}
 */
export function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/**
 * @param {Uint8Array} one
 * @param {Uint8Array} other
 */
export function same(one, other) {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}
