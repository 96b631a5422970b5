/** Policies: whose signatures count (c2sp.org/tlog-policy). */

import { hex, text } from "./bytes.js";
import { BY_WITNESS, readKey } from "./note.js";

/**
 * @typedef {import("./bytes.js").Bytes} Bytes
 * @typedef {import("./note.js").Key} Key
 * @typedef {{ least: number, members: string[] }} Group
 */

const NONE = "none";
const FORBIDDEN = /[^\t\n\x20-\x7e\x80-\xff]/;
const DECIMAL = /^[1-9][0-9]{0,8}$/;

class Malformed extends Error {}

/**
 * Return a policy, null if it is none.
 * @param {Bytes} bytes
 */
export function readPolicy(bytes) {
  try {
    return new Policy(bytes);
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}

/** @param {unknown} holds */
function need(holds) {
  if (!holds) throw new Malformed();
}

export class Policy {
  /** @type {Key[]} */
  logs = [];
  /** @type {Map<string, Key>} */
  witnesses = new Map();
  /** @type {Map<string, Group>} in the order of the file, so that members come first */
  groups = new Map();
  quorum = "";
  /** @type {Set<string>} */
  #members = new Set();

  /** @param {Bytes} bytes */
  constructor(bytes) {
    const lines = octets(bytes).split("\n");
    need(lines.pop() === "");
    for (const line of lines) {
      const words = line.split(/[ \t]+/).filter(Boolean);
      if (words[0] && !words[0].startsWith("#")) this.#line(words);
    }
    need(this.quorum);
  }

  /** @param {string[]} words */
  #line([keyword, ...words]) {
    if (keyword === "log") this.#log(words);
    else if (keyword === "witness") this.#witness(words);
    else if (keyword === "group") this.#group(words);
    else {
      need(keyword === "quorum" && words.length === 1 && !this.quorum);
      need(words[0] === NONE || this.#isKnown(words[0]));
      this.quorum = words[0];
    }
  }

  /** @param {string[]} words the key, and perhaps where it is found */
  #log(words) {
    need(words.length === 1 || words.length === 2);
    this.logs.push(fresh(words[0], this.logs));
  }

  /** @param {string[]} words name, key, and perhaps where it is found */
  #witness(words) {
    need(words.length === 2 || words.length === 3);
    need(words[0] !== NONE && !this.#isKnown(words[0]));
    this.witnesses.set(words[0], fresh(words[1], [...this.witnesses.values()]));
  }

  /** @param {string[]} words name, how many, members */
  #group([name, many = "", ...members]) {
    need(name !== NONE && !this.#isKnown(name) && members.length);
    for (const member of members) {
      need(this.#isKnown(member) && !this.#members.has(member));
      this.#members.add(member);
    }
    const least = many === "any" ? 1 : many === "all" ? members.length : DECIMAL.test(many) ? Number(many) : 0;
    need(least >= 1 && least <= members.length);
    this.groups.set(name, { least, members });
  }

  /** @param {string} name */
  #isKnown(name) {
    return this.witnesses.has(name) || this.groups.has(name);
  }

  /**
   * Return whether the witnesses whose keys are given make the quorum.
   * @param {ReadonlySet<Key>} cosigned
   */
  isMetBy(cosigned) {
    const by = new Set([...this.witnesses].filter(([, key]) => cosigned.has(key)).map(([name]) => name));
    for (const [name, { least, members }] of this.groups) {
      if (members.filter((member) => by.has(member)).length >= least) by.add(name);
    }
    return this.quorum === NONE || by.has(this.quorum);
  }

  /** The keys of witnesses that this checker can verify. */
  get witnessKeys() {
    return [...this.witnesses.values()].filter(({ type }) => type === BY_WITNESS);
  }

  get asksNone() {
    return this.quorum === NONE;
  }
}

/**
 * Return a key that is none of the others.
 * @param {string} written
 * @param {Key[]} others
 */
function fresh(written, others) {
  const name = text(Uint8Array.from(written, (octet) => octet.charCodeAt(0)));
  const key = name === null ? null : readKey(name);
  if (!key || others.some((other) => hex(other.bytes) === hex(key.bytes))) throw new Malformed();
  return key;
}

/**
 * Return the octets of a policy, each as a character: only keys have names that are text.
 * @param {Bytes} bytes
 */
function octets(bytes) {
  let written = "";
  for (const byte of bytes) written += String.fromCharCode(byte);
  need(!FORBIDDEN.test(written));
  return written;
}
