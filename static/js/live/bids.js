/**
 * A bid on its way: sent by the socket, asked for again by HTTPS with the same key, never lost silently.
 *
 * The key is kept in the tab before anything is sent, so that after a reload the same bid is asked for again;
 * sent twice it is one bid with one receipt. What is on its way ends only with an answer, or when the bidder
 * leaves it himself.
 *
 * @typedef {{key: string, amount: number, at: number}} Bid amount in fen, confirmed at by `Date.now()`
 * @typedef {{type: "accepted" | "refused", key: string, [field: string]: any}} Answer
 * @typedef {"sent" | "asked" | "unsure" | "undecided" | "accepted" | "refused" | ""} Stage
 * @typedef {object} Means
 * @property {(message: object) => boolean} say by the socket; whether it went out
 * @property {(bid: Bid) => Promise<Answer | null>} post by HTTPS
 * @property {{getItem: (name: string) => string | null, setItem: (name: string, text: string) => void,
 *   removeItem: (name: string) => void}} store the tab's own
 * @property {(stage: Stage, bid: Bid | null, answer: Answer | null) => void} tell
 * @property {() => number} now
 * @property {(ms: number) => Promise<unknown>} wait
 */

const ANSWER_WITHIN_MS = 3_000;
const PAUSES_MS = [0, 1_000];
const MEANT_FOR_MS = 60_000; // older, and the bidder is asked whether he still means it
const RECORD_FIRST_MS = 1_000;
const NOT_MEANT = 0; // decided to be undecided: it does not stand, and another may take its place
/** Grounds that decide nothing: the same key may be sent again and then be accepted. */
const DECIDES_NOTHING = new Set(["undecided", "clock_fault", "too_many"]);

export class Bids {
  /** @type {Bid | null} */
  #bid = null;
  #asking = false;
  /** @type {() => void} */
  #hurry = () => {};
  /** @type {Map<string, Bid>} */
  #left = new Map();

  /**
   * @param {string} name under which the tab keeps what is on its way: round and bidder code
   * @param {Means} means
   */
  constructor(name, means) {
    this.name = `bid:${name}`;
    this.means = means;
  }

  /** @returns {boolean} whether a bid is on its way whose fate is not known */
  get busy() {
    return this.#bid !== null && this.#bid.at !== NOT_MEANT;
  }

  /**
   * Send a new bid; while another is on its way nothing is sent.
   * @param {number} amount
   * @param {string} key
   */
  async send(amount, key = crypto.randomUUID()) {
    if (this.busy) return;
    this.#keep({ key, amount, at: this.means.now() });
    await this.#ask(true);
  }

  /** Send the same bid again, because the bidder says so. */
  async again() {
    if (!this.#bid) return;
    this.#keep({ ...this.#bid, at: this.means.now() });
    await this.#ask(true);
  }

  /** Ask for what was on its way when the page was left; an old one waits for the bidder's word. */
  async resume() {
    const text = this.means.store.getItem(this.name);
    this.#bid = text ? JSON.parse(text) : null;
    await this.#askIfMeant();
  }

  /** The line is back: ask for what stayed without an answer, if it is still meant. */
  async reconnected() {
    await this.#askIfMeant();
  }

  /** The line is down: do not wait for an answer that cannot come. */
  dropped() {
    this.#hurry();
  }

  /** Let it be, because the bidder says so; should its answer come, it is told all the same. */
  leave() {
    if (this.#bid) this.#left.set(this.#bid.key, this.#bid);
    this.#forget();
    this.means.tell("", null, null);
  }

  /** @param {Answer} answer */
  answered(answer) {
    const bid = this.#bid?.key === answer.key ? this.#bid : this.#left.get(answer.key);
    if (bid) this.#settle(bid, answer);
  }

  /**
   * The record says what became of a bid even if its answer was lost; the answer, with its receipt, goes first.
   * @param {{kind?: string, cid?: string, [field: string]: any}} entry
   */
  async recorded(entry) {
    if (entry.kind !== "bid" || !entry.cid || entry.cid !== this.#bid?.key) return;
    await this.means.wait(RECORD_FIRST_MS);
    const { cid: key, seq, amount, in_t: arrived_at, deadline: closes_at, hash } = entry;
    this.answered({ type: "accepted", key, seq, amount, arrived_at, closes_at, hash });
  }

  async #askIfMeant() {
    const bid = this.#bid;
    if (!bid || this.#asking) return;
    if (this.means.now() - bid.at < MEANT_FOR_MS) await this.#ask(false);
    else this.means.tell(this.busy ? "unsure" : "undecided", bid, null);
  }

  /** @param {boolean} bySocket first; what was sent before is asked for by HTTPS at once */
  async #ask(bySocket) {
    const bid = /** @type {Bid} */ (this.#bid);
    this.#asking = true;
    this.means.tell("sent", bid, null);
    if (bySocket && this.means.say({ type: "bid", key: bid.key, amount: bid.amount })) await this.#patience();
    for (const pause of PAUSES_MS) {
      if (this.#bid === bid) await this.#askByHttp(bid, pause);
    }
    if (this.#bid !== bid) return;
    this.#asking = false;
    this.means.tell("unsure", bid, null);
  }

  /**
   * @param {Bid} bid
   * @param {number} pause
   */
  async #askByHttp(bid, pause) {
    this.means.tell("asked", bid, null);
    await this.means.wait(pause);
    const answer = this.#bid === bid ? await this.means.post(bid) : null;
    if (answer) this.answered(answer);
  }

  /** Wait for the socket's answer, or until it is known that none will come. */
  async #patience() {
    const early = new Promise((resolve) => (this.#hurry = () => resolve(undefined)));
    await Promise.race([early, this.means.wait(ANSWER_WITHIN_MS)]);
  }

  /**
   * @param {Bid} bid
   * @param {Answer} answer
   */
  #settle(bid, answer) {
    const again = DECIDES_NOTHING.has(answer["ground"]);
    if (bid === this.#bid) this.#end(bid, again);
    this.#left.delete(bid.key);
    this.means.tell(again ? "undecided" : answer.type, bid, answer);
  }

  /**
   * @param {Bid} bid
   * @param {boolean} again whether the same key may be sent again
   */
  #end(bid, again) {
    if (again) this.#keep({ ...bid, at: NOT_MEANT });
    else this.#forget();
    this.#asking = false;
    this.#hurry();
  }

  /** @param {Bid} bid */
  #keep(bid) {
    this.#bid = bid;
    this.means.store.setItem(this.name, JSON.stringify(bid));
  }

  #forget() {
    this.#bid = null;
    this.#asking = false;
    this.means.store.removeItem(this.name);
  }
}
