/** SHA-256 (FIPS 180-4), at once: the browser's own answers a promise each, too slow for a proof of every leaf. */

/** @typedef {import("./bytes.js").Bytes} Bytes */

const BLOCK = 64;
const ROUNDS = 64;
const PRIMES = primes(ROUNDS);
const START = new Int32Array(PRIMES.slice(0, 8).map((prime) => fraction(Math.sqrt(prime))));
const K = new Int32Array(PRIMES.map((prime) => fraction(Math.cbrt(prime))));
const W = new Int32Array(ROUNDS);
const STATE = new Int32Array(8);
const LAST = new Uint8Array(2 * BLOCK);

/** @param {number} count */
function primes(count) {
  /** @type {number[]} */
  const found = [];
  for (let number = 2; found.length < count; number++) {
    if (found.every((prime) => number % prime)) found.push(number);
  }
  return found;
}

/**
 * Return the first 32 bits after the point: the standard's constants are made so (§4.2.2, §5.3.3).
 * @param {number} root
 */
function fraction(root) {
  return Math.floor((root - Math.floor(root)) * 2 ** 32) | 0;
}

/**
 * @param {Uint8Array} bytes
 * @returns {Bytes} 32 of them
 */
export function sha256(bytes) {
  STATE.set(START);
  const whole = bytes.length - (bytes.length % BLOCK);
  for (let at = 0; at < whole; at += BLOCK) mix(STATE, bytes, at);
  const length = pad(bytes.subarray(whole), bytes.length);
  for (let at = 0; at < length; at += BLOCK) mix(STATE, LAST, at);
  const digest = new Uint8Array(32);
  for (let at = 0; at < 32; at++) digest[at] = STATE[at >> 2] >>> (24 - 8 * (at & 3));
  return digest;
}

/**
 * Write the last blocks (what is left, a one, zeros, the length in bits, §5.1.1) and return how long they are.
 * @param {Uint8Array} rest
 * @param {number} length of the whole, in bytes
 */
function pad(rest, length) {
  const end = rest.length + 9 > BLOCK ? 2 * BLOCK : BLOCK;
  LAST.fill(0);
  LAST.set(rest);
  LAST[rest.length] = 0x80;
  const bits = [Math.floor(length / 2 ** 29), length << 3];
  for (let at = 0; at < 8; at++) LAST[end - 8 + at] = bits[at >> 2] >>> (24 - 8 * (at & 3));
  return end;
}

/**
 * Take one block into the state (§6.2.2).
 * @param {Int32Array} state
 * @param {Uint8Array} bytes
 * @param {number} at
 */
function mix(state, bytes, at) {
  schedule(bytes, at);
  let a = state[0];
  let b = state[1];
  let c = state[2];
  let d = state[3];
  let e = state[4];
  let f = state[5];
  let g = state[6];
  let h = state[7];
  for (let i = 0; i < ROUNDS; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const one = (h + s1 + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}

/**
 * @param {Uint8Array} bytes
 * @param {number} at
 */
function schedule(bytes, at) {
  for (let i = 0; i < 16; i++) {
    const from = at + 4 * i;
    W[i] = (bytes[from] << 24) | (bytes[from + 1] << 16) | (bytes[from + 2] << 8) | bytes[from + 3];
  }
  for (let i = 16; i < ROUNDS; i++) {
    const x = W[i - 15];
    const y = W[i - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    W[i] = W[i - 16] + s0 + W[i - 7] + s1;
  }
}
