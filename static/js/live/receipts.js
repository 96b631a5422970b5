/**
 * The bidder's own receipts, kept in his browser under the round and his code; no name is ever in them.
 *
 * @typedef {object} Receipt
 * @property {string} key of the bid
 * @property {"accepted" | "refused"} type
 * @property {number} amount in fen
 * @property {number | null} seq place in the record
 * @property {string} hash of that place
 * @property {number | null} arrived_at ms, by the platform's clock
 * @property {number | null} ended_at the end in force when it arrived
 * @property {string} ground of a refusal
 * @property {string} article it rests on
 * @property {string} text signed by the platform; empty if none came
 * @property {number} kept_at ms, by this browser's clock
 * @property {import("./in-log.js").Found} [found] what the public log says of it, once that is known
 */

const EXTENSION_MS = 300_000; // art. 20
const SHORT = 8;

/**
 * Return the receipt of an answer.
 * @param {import("./bids.js").Bid} bid
 * @param {import("./bids.js").Answer} answer
 * @param {(seq: number) => number | undefined} endAt the end in force after a place of the record, if it is known
 * @param {number} now by this browser's clock
 * @returns {Receipt}
 */
export function receipt(bid, answer, endAt, now = Date.now()) {
  const text = answer["receipt"] ?? "";
  return {
    key: bid.key,
    type: answer.type,
    amount: bid.amount,
    seq: answer["seq"] ?? null,
    hash: answer["hash"] ?? "",
    arrived_at: answer["arrived_at"] ?? signed(text, "in_t"),
    ended_at: answer.type === "refused" ? signed(text, "deadline") : endBefore(answer, endAt),
    ground: answer["ground"] ?? "",
    article: answer["article"] ?? "",
    text,
    kept_at: now,
  };
}

/**
 * Return the end that an accepted bid met. One that came earlier than five minutes before it left it as it is;
 * one that moved it does not say from where, so the entry before it in the record must be known.
 * @param {import("./bids.js").Answer} answer
 * @param {(seq: number) => number | undefined} endAt
 * @returns {number | null}
 */
function endBefore({ seq, arrived_at, closes_at }, endAt) {
  if (arrived_at == null || closes_at == null) return null;
  return closes_at - arrived_at > EXTENSION_MS ? closes_at : (endAt(seq - 1) ?? null);
}

/**
 * Return a number that the platform's statement gives in a line of its own.
 * @param {string} text
 * @param {string} name
 * @returns {number | null}
 */
export function signed(text, name) {
  const found = new RegExp(`^${name} (\\d+)$`, "m").exec(text);
  return found ? Number(found[1]) : null;
}

/**
 * @param {Receipt} receipt
 * @returns {number | null} ms between the bid's arrival and the end that was then in force; negative is late
 */
export function before({ arrived_at, ended_at }) {
  return arrived_at !== null && ended_at !== null ? ended_at - arrived_at : null;
}

/**
 * Split a time before or after the end, exact to the millisecond.
 * @param {number} ms
 * @returns {{days: number, hours: number, minutes: number, seconds: string}}
 */
export function split(ms) {
  const all = Math.abs(ms);
  return {
    days: Math.floor(all / 86_400_000),
    hours: Math.floor(all / 3_600_000) % 24,
    minutes: Math.floor(all / 60_000) % 60,
    seconds: ((all % 60_000) / 1000).toFixed(3),
  };
}

/** @param {string} hash */
export function short(hash) {
  return hash.slice(0, SHORT);
}

/**
 * @typedef {object} Shelf
 * @property {(name: string) => Promise<Receipt[]>} all
 * @property {(name: string, key: string, change: (known: Receipt | undefined) => Receipt) => Promise<boolean>} change
 */

export class Receipts {
  /**
   * @param {Shelf} shelf
   * @param {string} name round and bidder code
   * @param {Pick<Storage, "getItem" | "removeItem">} old where they were kept before
   */
  constructor(shelf, name, old) {
    this.shelf = shelf;
    this.name = name;
    this.ready = this.#takeOver(old);
  }

  /** @returns {Promise<Receipt[]>} newest first */
  async all() {
    await this.ready;
    const all = await this.shelf.all(this.name);
    return all.sort((one, other) => other.kept_at - one.kept_at);
  }

  /**
   * Keep a receipt; one bid has one, and one that is signed is not replaced by one that is not.
   * @param {Receipt} one
   */
  async add(one) {
    await this.shelf.change(this.name, one.key, (known) => {
      if (known?.type !== one.type) return one;
      return known.text && !one.text ? known : { ...known, ...one, kept_at: known.kept_at };
    });
  }

  /**
   * Keep with a receipt what the public log says of it.
   * @param {Receipt} one
   * @param {import("./in-log.js").Found} found
   */
  async found(one, found) {
    await this.shelf.change(this.name, one.key, (known) => ({ ...(known ?? one), found }));
  }

  /** @param {Pick<Storage, "getItem" | "removeItem">} old */
  async #takeOver(old) {
    const name = `receipts:${this.name}`;
    const newest = parsed(old.getItem(name));
    let safe = true;
    for (const [at, one] of newest.reverse().entries()) {
      safe = (await this.shelf.change(this.name, one.key, (known) => known ?? { ...one, kept_at: at })) && safe;
    }
    if (safe && newest.length) old.removeItem(name);
  }
}

/**
 * @param {string | null} text
 * @returns {Receipt[]}
 */
function parsed(text) {
  try {
    return JSON.parse(text ?? "[]");
  } catch {
    return [];
  }
}
