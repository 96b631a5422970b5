/**
 * The line to one round: a websocket that comes back by itself, and plain HTTP for a bid when it is down.
 *
 * @typedef {{type: string, [field: string]: any}} Frame
 * @typedef {{type: "accepted" | "refused", key: string, [field: string]: any}} Answer
 * @typedef {{socket: string, bid: string, state: string, token: string}} Addresses
 */

import { doubt, takeExchange } from "./server-clock.js";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;
const ANSWER_WITHIN_MS = 3_000;
const ASK_TIME_EVERY_MS = 20_000;
const LOST = new Set([4404]);

export class Line {
  /** @type {WebSocket | null} */
  #socket = null;
  #failures = 0;
  #closed = false;
  /** @type {Map<string, (answer: Answer | null) => void>} */
  #waiting = new Map();
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #asking;

  /**
   * @param {Addresses} addresses
   * @param {{heard: (frame: Frame) => void, online: (is: boolean) => void}} ears
   */
  constructor(addresses, ears) {
    this.addresses = addresses;
    this.ears = ears;
  }

  /** Connect, and keep connected. */
  open() {
    if (this.#closed) return;
    const socket = new WebSocket(this.addresses.socket);
    this.#socket = socket;
    socket.addEventListener("open", () => this.#opened());
    socket.addEventListener("message", ({ data }) => this.#take(JSON.parse(data)));
    socket.addEventListener("close", ({ code }) => this.#dropped(socket, code));
  }

  /** Hang up for good. */
  close() {
    this.#closed = true;
    clearInterval(this.#asking);
    this.#socket?.close();
  }

  /** Ask for the platform's time, and forget what was known of it: after a sleep it may be wrong. */
  askTime() {
    this.#say({ type: "time", sent: performance.now() });
  }

  /**
   * Ask for what came after a place of the record.
   * @param {number} seq
   */
  askAfter(seq) {
    this.#say({ type: "after", seq });
  }

  /**
   * Send a bid; the same key twice is one bid, so it goes by HTTP too if the socket does not answer in time.
   * @param {{key: string, amount: number}} bid
   * @returns {Promise<Answer | null>} null if nobody knows what became of it
   */
  async bid(bid) {
    return (await this.#bySocket(bid)) ?? (await this.#byHttp(bid));
  }

  /** @returns {Promise<Frame | null>} what stands, read by HTTP */
  async state() {
    return fetch(this.addresses.state, { headers: { Accept: "application/json" } }).then(
      (response) => (response.ok ? response.json() : null),
      () => null,
    );
  }

  /**
   * @param {{key: string, amount: number}} bid
   * @returns {Promise<Answer | null>}
   */
  #bySocket(bid) {
    if (!this.#say({ type: "bid", ...bid })) return Promise.resolve(null);
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#waiting.get(bid.key)?.(null), ANSWER_WITHIN_MS);
      this.#waiting.set(bid.key, (answer) => {
        clearTimeout(timer);
        this.#waiting.delete(bid.key);
        resolve(answer);
      });
    });
  }

  /**
   * @param {{key: string, amount: number}} bid
   * @returns {Promise<Answer | null>}
   */
  async #byHttp(bid) {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": this.addresses.token };
    const asked = { method: "POST", headers, body: JSON.stringify(bid), signal: AbortSignal.timeout(8000) };
    try {
      const response = await fetch(this.addresses.bid, asked);
      const json = response.headers.get("Content-Type")?.includes("json");
      return json ? await response.json() : null;
    } catch {
      return null;
    }
  }

  #opened() {
    this.#failures = 0;
    doubt();
    this.askTime();
    clearInterval(this.#asking);
    this.#asking = setInterval(() => this.askTime(), ASK_TIME_EVERY_MS);
    this.ears.online(true);
  }

  /** @param {Frame} frame */
  #take(frame) {
    if (frame.type === "time") takeExchange({ sent: frame["sent"], now: frame["now"], received: performance.now() });
    else if (frame.type === "accepted" || frame.type === "refused") this.#answered(/** @type {Answer} */ (frame));
    else this.ears.heard(frame);
  }

  /** @param {Answer} answer */
  #answered(answer) {
    this.#waiting.get(answer.key)?.(answer);
  }

  /**
   * @param {WebSocket} socket
   * @param {number} code
   */
  #dropped(socket, code) {
    if (socket !== this.#socket) return;
    this.#socket = null;
    clearInterval(this.#asking);
    this.ears.online(false);
    for (const answer of [...this.#waiting.values()]) answer(null);
    if (this.#closed || LOST.has(code)) return;
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#failures++);
    setTimeout(() => this.open(), wait * (0.5 + Math.random()));
  }

  /**
   * @param {object} message
   * @returns {boolean} whether it went out
   */
  #say(message) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }
}
