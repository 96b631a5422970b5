/** The Merkle tree of RFC 6962; indices and sizes are whole numbers to 2^53−1. */

import { joined, same } from "./bytes.js";
import { sha256 } from "./sha256.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */

const LEAF = Uint8Array.of(0);
/** A node's bytes: written over and over, as a proof of every leaf needs many. */
const PAIR = new Uint8Array(65).fill(1, 0, 1);

/** The root of no leaves. */
export const EMPTY_ROOT = sha256(new Uint8Array());

/**
 * @param {Bytes} bytes
 */
export function leafHash(bytes) {
  return sha256(joined(LEAF, bytes));
}

/**
 * @param {Bytes} left
 * @param {Bytes} right
 */
export function nodeHash(left, right) {
  PAIR.set(left, 1);
  PAIR.set(right, 1 + left.length);
  return sha256(PAIR);
}

/** A place at the right edge of two trees, climbing (RFC 9162 §2.1.3.2 and §2.1.4.2 say how). */
class Climb {
  /**
   * @param {number} place
   * @param {number} last
   */
  constructor(place, last) {
    this.place = place;
    this.last = last;
  }

  up() {
    this.place = Math.floor(this.place / 2);
    this.last = Math.floor(this.last / 2);
  }

  /** Whether what comes next stands to the left; leaves a place that has a sibling. */
  isRight() {
    if (this.place % 2 === 0 && this.place !== this.last) return false;
    while (this.place % 2 === 0 && this.place) this.up();
    return true;
  }
}

/**
 * Return the root a path leads to, null if it is too long or too short for the place.
 * @param {Bytes} leaf its hash
 * @param {number} index
 * @param {number} size
 * @param {Bytes[]} path from the sibling of the leaf upwards
 */
export function rootOf(leaf, index, size, path) {
  if (index >= size) return null;
  const climb = new Climb(index, size - 1);
  let root = leaf;
  for (const sibling of path) {
    if (!climb.last) return null;
    root = climb.isRight() ? nodeHash(sibling, root) : nodeHash(root, sibling);
    climb.up();
  }
  return climb.last ? null : root;
}

/**
 * @typedef {{ size: number, root: Bytes }} Head
 */

/**
 * Return whether the second tree has the first as its beginning.
 * @param {Head} first
 * @param {Head} second not smaller
 * @param {Bytes[]} proof
 */
export function isConsistent(first, second, proof) {
  if (first.size === second.size) return same(first.root, second.root);
  if (!first.size) return same(first.root, EMPTY_ROOT);
  return leadsToBoth(first, second, isPowerOfTwo(first.size) ? [first.root, ...proof] : proof, proof.length);
}

/**
 * @param {Head} first
 * @param {Head} second
 * @param {Bytes[]} path
 * @param {number} given how many hashes the proof itself has
 */
function leadsToBoth(first, second, path, given) {
  const [start, ...rest] = path;
  if (!start || !given) return false;
  const climb = new Climb(first.size - 1, second.size - 1);
  while (climb.place % 2) climb.up();
  let [older, newer] = [start, start];
  for (const hash of rest) {
    if (!climb.last) return false;
    if (climb.isRight()) [older, newer] = [nodeHash(hash, older), nodeHash(hash, newer)];
    else newer = nodeHash(newer, hash);
    climb.up();
  }
  return !climb.last && same(older, first.root) && same(newer, second.root);
}

/** @param {number} size */
function isPowerOfTwo(size) {
  let left = size;
  while (left % 2 === 0) left /= 2;
  return left === 1;
}
