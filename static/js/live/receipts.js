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
 */

const EXTENSION_MS = 300_000; // art. 20
const MOST = 200;
const SHORT = 8;

/**
 * Return the receipt of an answer.
 * @param {import("./bids.js").Bid} bid
 * @param {import("./bids.js").Answer} answer
 * @param {(seq: number) => number | undefined} endAt the end in force after a place of the record, if it is known
 * @returns {Receipt}
 */
export function receipt(bid, answer, endAt) {
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
 * Return a time that the platform's statement gives in a line of its own.
 * @param {string} text
 * @param {string} name
 * @returns {number | null}
 */
function signed(text, name) {
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

export class Receipts {
  /**
   * @param {{getItem: (name: string) => string | null, setItem: (name: string, text: string) => void}} store
   * @param {string} name round and bidder code
   */
  constructor(store, name) {
    this.store = store;
    this.name = `receipts:${name}`;
  }

  /** @returns {Receipt[]} newest first */
  all() {
    try {
      return JSON.parse(this.store.getItem(this.name) ?? "[]");
    } catch {
      return [];
    }
  }

  /**
   * Keep a receipt; one bid has one, and one that is signed is not replaced by one that is not.
   * @param {Receipt} one
   */
  add(one) {
    const others = this.all().filter(({ key }) => key !== one.key);
    const known = this.all().find(({ key }) => key === one.key);
    const kept = known?.text && !one.text && known.type === one.type ? known : one;
    this.store.setItem(this.name, JSON.stringify([kept, ...others].slice(0, MOST)));
  }
}
