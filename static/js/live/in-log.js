/** Whether a receipt's bid is in the public log: asked after soon, then ever more rarely, until it is proven. */

import { signed } from "./receipts.js";

/**
 * @typedef {import("./receipts.js").Receipt} Receipt
 * @typedef {object} Found
 * @property {"proven" | "unable" | "wrong" | "still" | "missing"} state still: late, but so is every other bid
 * @property {number} [place] in the log, counted from 0
 * @property {number} [size] of the log under the checkpoint that proves it, or that was the newest when it was late
 * @property {string} [proof] what the platform gave (c2sp.org/tlog-proof)
 * @typedef {Found | { state: "absent", size: number | null } | null} Answer null if none came; size of the log that
 *   has it not, null if that was not asked
 * @typedef {object} Means
 * @property {() => Promise<Receipt[]>} all
 * @property {(receipt: Receipt, late: boolean) => Promise<Answer>} ask how large the log is too, if it is late
 * @property {(receipt: Receipt, found: Found) => Promise<unknown>} tell
 * @property {() => number} now the clock receipts are kept by
 * @property {(act: () => void, ms: number) => unknown} later
 */

const FIRST_MS = 3_000; // the log takes a moment, and the line is for bids
const SPREAD_MS = 3_000;
const PAUSES_MS = [5_000, 10_000, 20_000, 60_000];

/**
 * Return the longest time the bid may take to the log, null if the receipt promises nothing.
 * @param {Receipt} receipt
 */
export function promised({ text }) {
  return signed(text, "mmd_ms");
}

/**
 * Return how a receipt stands: "" where there is nothing to say.
 * @param {Receipt} receipt
 */
export function standing(receipt) {
  if (!isOfLeaf(receipt)) return "";
  return receipt.found?.state ?? (promised(receipt) === null ? "" : "waiting");
}

/** @param {Receipt} receipt */
function isOfLeaf({ type, text, seq }) {
  return type === "accepted" && text !== "" && seq !== null;
}

/** @param {Receipt} receipt */
function isOpen(receipt) {
  return isOfLeaf(receipt) && receipt.found?.state !== "proven" && receipt.found?.state !== "unable";
}

export class InLog {
  #turn = 0;
  #tries = 0;

  /** @param {Means} means */
  constructor(means) {
    this.means = means;
  }

  /** Ask after all that is not proven, from now on. */
  begin() {
    this.#tries = 0;
    this.#soon(FIRST_MS + Math.random() * SPREAD_MS);
  }

  /** @param {number} ms */
  #soon(ms) {
    const turn = ++this.#turn; // whoever was to come before need not come
    this.means.later(() => void (turn === this.#turn && this.#ask(turn)), ms);
  }

  /** @param {number} turn */
  async #ask(turn) {
    const first = this.#tries === 0;
    const open = (await this.means.all()).filter((one) => isOpen(one) && (first || promised(one) !== null));
    for (const one of open) await this.#askFor(one);
    if (!open.length || turn !== this.#turn) return;
    this.#soon(PAUSES_MS[Math.min(this.#tries++, PAUSES_MS.length - 1)]);
  }

  /** @param {Receipt} one */
  async #askFor(one) {
    const late = isLate(one, this.means.now());
    const answer = await this.means.ask(one, late);
    if (!answer) return;
    const found = answer.state === "absent" ? absent(one, late ? answer.size : null) : answer;
    if (found && found.state !== one.found?.state) await this.means.tell(one, found);
  }
}

/**
 * Return whether the promised time is over, by the bidder's own clock.
 * @param {Receipt} one
 * @param {number} now
 */
function isLate(one, now) {
  const within = promised(one);
  return within !== null && now - one.kept_at > within;
}

/**
 * What is late and not there is missing once the log has grown on without it: until then it may stand still for all.
 * @param {Receipt} one
 * @param {number | null} size of the log; null if it is not late
 * @returns {Found | null}
 */
function absent({ found }, size) {
  if (size === null) return null;
  if (found?.state === "missing") return found;
  const before = found?.state === "still" ? (found.size ?? size) : size;
  return size > before ? { state: "missing" } : { state: "still", size: before };
}
