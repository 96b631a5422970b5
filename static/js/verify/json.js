/**
 * JSON as it is written (RFC 8259), and its one form (RFC 8785).
 *
 * `JSON.parse` would do for neither: it forgets how deep a value nests, and an object of it has names nobody wrote.
 */

import { isWellFormed } from "./bytes.js";

/** @typedef {null | boolean | number | string | any[] | Map<string, any>} Json what is within is again a Json, which JSDoc cannot say */

/** It is no JSON, or nests too deep. */
export class NotJson extends Error {}

/** It has no form by RFC 8785, or none this record may use. */
export class NoForm extends Error {}

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const INTEGER = /^-?[0-9]+$/;
const WORD = /true|false|null/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/**
 * Return what a text says: of a name given twice the last value, of a number that is not written as an integer NaN.
 * @param {string} text
 * @param {number} depth how deep objects and arrays may nest
 * @returns {Json}
 * @throws {NotJson}
 */
export function parse(text, depth) {
  const reader = new Reader(text);
  const value = reader.value(depth);
  reader.skip();
  if (reader.at !== text.length) throw new NotJson();
  return value;
}

class Reader {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  /**
   * @param {number} depth left
   * @returns {Json}
   */
  value(depth) {
    this.skip();
    const first = this.text[this.at];
    if (first === "{") return this.#object(depth);
    if (first === "[") return this.#array(depth);
    if (first === '"') return this.#string();
    const word = this.#take(WORD);
    if (word) return word === "null" ? null : word === "true";
    const number = this.#take(NUMBER);
    if (!number) throw new NotJson();
    return INTEGER.test(number) ? Number(number) : NaN;
  }

  skip() {
    const code = this.text.charCodeAt(this.at);
    if (code <= 0x20) this.#take(SPACE);
  }

  /** @param {number} depth */
  #object(depth) {
    /** @type {Map<string, Json>} */
    const found = new Map();
    this.#each("}", depth, () => {
      this.skip();
      if (this.text[this.at] !== '"') throw new NotJson();
      const name = this.#string();
      this.skip();
      if (this.text[this.at++] !== ":") throw new NotJson();
      found.set(name, this.value(depth - 1));
    });
    return found;
  }

  /** @param {number} depth */
  #array(depth) {
    /** @type {Json[]} */
    const found = [];
    this.#each("]", depth, () => found.push(this.value(depth - 1)));
    return found;
  }

  /**
   * Read from the opening bracket to the closing one.
   * @param {string} end
   * @param {number} depth
   * @param {() => void} one reads an element
   */
  #each(end, depth, one) {
    if (depth === 0) throw new NotJson();
    this.at++;
    this.skip();
    if (this.text[this.at] === end) return void this.at++;
    for (;;) {
      one();
      this.skip();
      const next = this.text[this.at++];
      if (next === end) return;
      if (next !== ",") throw new NotJson();
    }
  }

  #string() {
    const start = this.at++;
    let plain = true;
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code === 0x22) break;
      if (!(code >= 0x20)) throw new NotJson(); // a control character, or NaN at the end of the text
      if (code !== 0x5c) this.at++;
      else if (this.#take(ESCAPE)) plain = false;
      else throw new NotJson();
    }
    this.at++;
    if (plain) return this.text.slice(start + 1, this.at - 1);
    return /** @type {string} */ (JSON.parse(this.text.slice(start, this.at)));
  }

  /** @param {RegExp} token */
  #take(token) {
    token.lastIndex = this.at;
    const found = token.exec(this.text)?.[0] ?? "";
    this.at += found.length;
    return found;
  }
}

/**
 * Return the RFC 8785 form of a value.
 * @param {Json} value
 * @returns {string}
 * @throws {NoForm} for a number that is no integer within ±(2^53−1), or a lone surrogate
 */
export function canonical(value) {
  if (typeof value === "string") return quoted(value);
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) throw new NoForm();
    return String(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!(value instanceof Map)) return String(value);
  const names = [...value.keys()].sort(); // by UTF-16 units, as §3.2.3 wants it
  return `{${names.map((name) => `${quoted(name)}:${canonical(value.get(name) ?? null)}`).join(",")}}`;
}

/**
 * `JSON.stringify` escapes a text exactly as §3.2.2.2 does, which took it from there; only lone surrogates differ.
 * @param {string} text
 */
function quoted(text) {
  if (!isWellFormed(text)) throw new NoForm();
  return JSON.stringify(text);
}
