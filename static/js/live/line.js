/**
 * The line to one round: a websocket that notices when it is dead and comes back by itself.
 *
 * @typedef {{type: string, [field: string]: any}} Frame
 * @typedef {"connecting" | "online" | "waiting" | "offline" | "over"} State
 * @typedef {{state: State, lost: boolean, retryAt: number, heardAt: number, signedOut: boolean}} Status instants by
 *   `performance.now()`; lost from the first failure until it is online again
 * @typedef {{heard: (frame: Frame) => void, status: (status: Status) => void}} Ears
 */

import { clock } from "./server-clock.js";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;
const CALM_DOWN_MS = 5_000;
const DEAD_AFTER_MS = 6_000;
const NEXT_OF_BURST_MS = 150;
const SIGNED_OUT = 4401;
const NO_SUCH_ROUND = 4404;
const TOO_MANY = 4429;

/** How often the time is asked: whoever bids needs it exactly, and must soon notice a dead line. */
const BIDDER = { burst: 5, every: 10_000 };
const WATCHER = { burst: 2, every: 20_000 };

export class Line {
  /** @type {WebSocket | null} */
  #socket = null;
  #failures = 0;
  #burst = 0;
  /** @type {Status} */
  #status = { state: "connecting", lost: false, retryAt: 0, heardAt: performance.now(), signedOut: false };
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #asking;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #fuse;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retry;

  /**
   * @param {string} address of the socket
   * @param {Ears} ears
   * @param {boolean} bids whether somebody bids here, or only watches
   */
  constructor(address, ears, bids) {
    this.address = address;
    this.ears = ears;
    this.habit = bids ? BIDDER : WATCHER;
  }

  get status() {
    return this.#status;
  }

  /** Connect, and keep connected. */
  open() {
    addEventListener("online", this.#network);
    addEventListener("offline", this.#network);
    this.#connect();
  }

  /** Hang up for good. */
  close() {
    removeEventListener("online", this.#network);
    removeEventListener("offline", this.#network);
    this.#drop("over");
  }

  /** Measure the platform's clock anew: after a sleep what was known of it may be wrong. */
  measure() {
    clock.doubt();
    this.#burst = this.habit.burst;
    this.#askTime();
  }

  /**
   * @param {object} message
   * @returns {boolean} whether it went out; that it arrived only an answer says
   */
  say(message) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  #network = () => {
    if (this.#status.state === "over") return;
    if (navigator.onLine) this.#connect();
    else this.#drop("offline", { lost: true });
  };

  #connect() {
    this.#drop("connecting");
    const socket = new WebSocket(this.address);
    this.#socket = socket;
    const mine = (/** @type {() => void} */ act) => () => (socket === this.#socket ? act() : undefined);
    socket.addEventListener("open", mine(() => this.#opened()));
    socket.addEventListener("message", ({ data }) => mine(() => this.#take(JSON.parse(data)))());
    socket.addEventListener("close", ({ code }) => mine(() => this.#closed(code))());
  }

  #opened() {
    this.#failures = 0;
    this.#become({ state: "online", lost: false, heardAt: performance.now() });
    this.measure();
    this.#asking = setInterval(() => this.#askTime(), this.habit.every);
  }

  #askTime() {
    const sent = performance.now();
    if (!this.say({ type: "time", sent })) return;
    clearTimeout(this.#fuse);
    this.#fuse = setTimeout(() => this.#silent(sent), DEAD_AFTER_MS);
  }

  /**
   * A line that answers nothing is dead, though the device may not know it for minutes: a tunnel, a lost network.
   * @param {number} asked
   */
  #silent(asked) {
    if (this.#status.heardAt < asked) this.#closed(0);
  }

  /** @param {Frame} frame */
  #take(frame) {
    this.#status = { ...this.#status, heardAt: performance.now() };
    if (frame.type === "time") this.#measured(frame);
    else this.ears.heard(frame);
  }

  /** @param {Frame} frame */
  #measured({ sent, now }) {
    clock.takeExchange({ sent, now, received: performance.now(), wall: Date.now() });
    if (--this.#burst > 0) setTimeout(() => this.#askTime(), NEXT_OF_BURST_MS);
  }

  /** @param {number} code */
  #closed(code) {
    if (code === NO_SUCH_ROUND) return this.#drop("over");
    const wait = retryIn(this.#failures++, code, Math.random());
    this.#drop(navigator.onLine ? "waiting" : "offline", {
      lost: true,
      retryAt: performance.now() + wait,
      signedOut: this.#status.signedOut || code === SIGNED_OUT,
    });
    this.#retry = setTimeout(() => this.#connect(), wait);
  }

  /**
   * @param {State} state
   * @param {Partial<Status>} more
   */
  #drop(state, more = {}) {
    clearInterval(this.#asking);
    clearTimeout(this.#fuse);
    clearTimeout(this.#retry);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    this.#become({ state, ...more });
  }

  /** @param {Partial<Status>} change */
  #become(change) {
    this.#status = { ...this.#status, ...change };
    this.ears.status(this.#status);
  }
}

/**
 * Return how long to wait before the next try: longer each time, and by chance, so that not all come back at once.
 * @param {number} failures in a row before this one
 * @param {number} code of the close
 * @param {number} chance 0 to 1
 * @returns {number} ms
 */
export function retryIn(failures, code, chance) {
  const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures) * (0.5 + chance);
  return code === TOO_MANY ? Math.max(wait, CALM_DOWN_MS) : wait;
}
