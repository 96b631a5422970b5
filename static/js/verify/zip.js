/** Reading a zip: stored and deflated entries, within the limits of the text (PKWARE APPNOTE 4.3, 4.4, 4.5). */

import { text } from "./bytes.js";
import { Refused } from "./findings.js";

/**
 * @typedef {import("./bytes.js").Bytes} Bytes
 * @typedef {{ method: number, crc: number, packed: number, unpacked: number, at: number }} Entry
 */

const LARGEST = 256 * 2 ** 20;
const LARGEST_ENTRY = 64 * 2 ** 20;
const MOST_ENTRIES = 200_100;
const [LOCAL, CENTRAL, END, END_64, LOCATOR_64] = [0x04034b50, 0x02014b50, 0x06054b50, 0x06064b50, 0x07064b50];
const END_LENGTH = 22;
const LONGEST_COMMENT = 65_535;
const [STORED, DEFLATED] = [0, 8];
const [NOT_HERE, NOT_HERE_16] = [0xffffffff, 0xffff];
const EXTRA_64 = 1;

/** @param {Bytes} bytes */
export function isZip(bytes) {
  return bytes[0] === 0x50 && bytes[1] === 0x4b;
}

/** A zip's directory, its entries read when they are asked for. */
export class Zip {
  /** @type {Map<string, Entry>} */
  #entries = new Map();

  /**
   * @param {Bytes} bytes
   * @throws {Refused}
   */
  constructor(bytes) {
    if (bytes.length > LARGEST) throw new Refused("zip");
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    try {
      this.#directory();
    } catch (error) {
      if (error instanceof RangeError) throw new Refused("zip"); // it points behind its end
      throw error;
    }
  }

  /** @param {string} name */
  has(name) {
    return this.#entries.has(name);
  }

  /**
   * Return the bytes of an entry, null if there is none.
   * @param {string} name
   * @returns {Promise<Bytes | null>}
   * @throws {Refused} if it cannot be unpacked
   */
  async read(name) {
    const entry = this.#entries.get(name);
    if (!entry) return null;
    const bytes = await this.#unpacked(entry);
    if (bytes?.length !== entry.unpacked || crc32(bytes) !== entry.crc) throw new Refused(name);
    return bytes;
  }

  /** @param {Entry} entry */
  async #unpacked({ method, packed, unpacked, at }) {
    if (at + 30 > this.bytes.length || this.view.getUint32(at, true) !== LOCAL) return null;
    const start = at + 30 + this.view.getUint16(at + 26, true) + this.view.getUint16(at + 28, true);
    const inside = this.bytes.subarray(start, start + packed);
    if (inside.length !== packed) return null;
    return method === STORED ? inside : inflated(inside, unpacked);
  }

  #directory() {
    const { count, start } = this.#end();
    if (count > MOST_ENTRIES) throw new Refused("zip");
    let at = start;
    for (let i = 0; i < count; i++) at = this.#entry(at);
  }

  /** Where the directory is: told at the end, or, of a large zip, where the end points to. */
  #end() {
    const { view } = this;
    let at = this.bytes.length - END_LENGTH;
    const least = Math.max(0, at - LONGEST_COMMENT);
    while (at >= least && view.getUint32(at, true) !== END) at--;
    if (at < least) throw new Refused("zip");
    const [count, start] = [view.getUint16(at + 10, true), view.getUint32(at + 16, true)];
    if (count !== NOT_HERE_16 && start !== NOT_HERE) return { count, start };
    if (at < 20 || view.getUint32(at - 20, true) !== LOCATOR_64) return { count, start };
    const far = this.#long(at - 20 + 8);
    if (view.getUint32(far, true) !== END_64) throw new Refused("zip");
    return { count: this.#long(far + 32), start: this.#long(far + 48) };
  }

  /** @param {number} at */
  #long(at) {
    return Number(this.view.getBigUint64(at, true));
  }

  /**
   * Take an entry of the directory and return where the next begins.
   * @param {number} at
   */
  #entry(at) {
    const { view } = this;
    if (view.getUint32(at, true) !== CENTRAL) throw new Refused("zip");
    const [named, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
    const entry = {
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      unpacked: view.getUint32(at + 24, true),
      at: view.getUint32(at + 42, true),
    };
    const name = text(this.bytes.subarray(at + 46, at + 46 + named)) ?? "";
    this.#widen(entry, at + 46 + named, extra);
    if (entry.unpacked > LARGEST_ENTRY || this.has(name)) throw new Refused(name);
    const readable = !(view.getUint16(at + 8, true) & 1) && [STORED, DEFLATED].includes(entry.method);
    this.#entries.set(name, readable ? entry : { ...entry, unpacked: -1 });
    return at + 46 + named + extra + comment;
  }

  /**
   * Take the numbers that had no room in the entry itself (4.5.3).
   * @param {Entry} entry
   * @param {number} start
   * @param {number} length
   */
  #widen(entry, start, length) {
    for (let at = start; at + 4 <= start + length; ) {
      const [id, size] = [this.view.getUint16(at, true), this.view.getUint16(at + 2, true)];
      let field = at + 4;
      if (id === EXTRA_64) {
        for (const name of /** @type {const} */ (["unpacked", "packed", "at"])) {
          if (entry[name] !== NOT_HERE) continue;
          entry[name] = this.#long(field);
          field += 8;
        }
      }
      at += 4 + size;
    }
  }
}

/**
 * Return what deflated bytes unpack to, null if they do not or to more than was said.
 * @param {Bytes} packed
 * @param {number} most
 */
async function inflated(packed, most) {
  const unpacked = new Uint8Array(Math.max(0, most));
  let length = 0;
  try {
    const { readable, writable } = new DecompressionStream("deflate-raw");
    feed(writable.getWriter(), packed).catch(() => {}); // the reader is told of it too
    for (const reader = readable.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) return length === most ? unpacked : null;
      if (length + value.length > most) {
        await reader.cancel();
        return null;
      }
      unpacked.set(value, length);
      length += value.length;
    }
  } catch {
    return null;
  }
}

/**
 * Write all at once: a stream of a `Blob` would ask another process for each of 10,000 entries.
 * @param {WritableStreamDefaultWriter<BufferSource>} writer
 * @param {Bytes} bytes
 */
async function feed(writer, bytes) {
  await Promise.all([writer.write(bytes), writer.close()]);
}

const CRC = Int32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest;
});

/** @param {Bytes} bytes */
function crc32(bytes) {
  let rest = -1;
  for (const byte of bytes) rest = (rest >>> 8) ^ CRC[(rest ^ byte) & 0xff];
  return ~rest >>> 0;
}
