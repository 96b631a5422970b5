/**
 * The platform's clock as this page knows it. Only the platform's clock counts (art. 20); the device's own is
 * never asked for the time of day, only for what has passed since.
 *
 * An exchange is one question and answer: sent and received by `performance.now()`, answered at `now`. The
 * platform's instant lies somewhere inside the trip, so half the trip is the most that the estimate can be off
 * (Cristian 1989); a device's quartz drifts, so an old exchange is worth less than its trip says.
 */

const KEPT = 8;
const DRIFT = 1e-4;
const ROUNDED_MS = 1; // the platform writes whole milliseconds, rounded down
const JUMP_MS = 1000;
const GAP_MS = 20_000;
const MATTERS_MS = 1000;

/**
 * @typedef {{sent: number, now: number, received: number, wall?: number}} Exchange wall is `Date.now()` at the answer
 * @typedef {{mono: number, wall: number}} Look both of the device's clocks at one moment
 * @typedef {{origin: number, trip: number, at: number}} Measure origin: platform instant when `performance.now()` was 0
 */

export class ServerClock {
  /** @type {Measure[]} */
  #measures = [];
  /** @type {number | null} */
  #origin = null;
  /** @type {number | null} how far the device's time of day is ahead of the platform's, in ms */
  ahead = null;

  /**
   * Take the platform's instant as a page carried it: good enough until the first exchange.
   * @param {number} instant ms since 1970, as rendered
   * @param {number} at `performance.now()` when it was rendered, as near as known
   */
  takeRendered(instant, at = 0) {
    this.#origin ??= instant - at;
  }

  /**
   * Take one question and answer; of the last ones the best is believed.
   * @param {Exchange} exchange
   */
  takeExchange({ sent, now, received, wall }) {
    const measure = { origin: now + ROUNDED_MS / 2 - (sent + received) / 2, trip: received - sent, at: received };
    this.#measures = [...this.#measures, measure].slice(-KEPT);
    this.#origin = this.#best(received)?.origin ?? measure.origin;
    if (wall !== undefined) this.ahead = wall - (this.#origin + received);
  }

  /** Forget what was measured: after a sleep or over another network it is worth nothing. */
  doubt() {
    this.#measures = [];
    this.ahead = null;
  }

  /**
   * @param {number} mono `performance.now()`
   * @returns {number} ms since 1970 on the platform's clock
   */
  now(mono) {
    return (this.#origin ?? performance.timeOrigin) + mono;
  }

  /**
   * @param {number} mono `performance.now()`
   * @returns {number} ms by which `now` may be wrong at most; infinite before anything was measured
   */
  error(mono) {
    const best = this.#best(mono);
    return best ? bound(best, mono) : Infinity;
  }

  /** @param {number} mono */
  #best(mono) {
    return this.#measures.reduce(
      (/** @type {Measure | null} */ best, one) => (best && bound(best, mono) < bound(one, mono) ? best : one),
      null,
    );
  }
}

/**
 * @param {Measure} measure
 * @param {number} mono
 */
function bound({ trip, at }, mono) {
  return trip / 2 + ROUNDED_MS / 2 + Math.max(0, mono - at) * DRIFT;
}

/**
 * Tell whether the device slept, or its time of day was set, between two looks at its clocks.
 * @param {Look} before
 * @param {Look} after
 * @returns {boolean} whether what was known of the platform's clock must be measured again
 */
export function disturbed(before, after) {
  const [mono, wall] = [after.mono - before.mono, after.wall - before.wall];
  return Math.abs(wall - mono) > JUMP_MS || mono > GAP_MS;
}

/**
 * Say how the device's clock differs, if it is far enough off to mislead whoever looks at it.
 * @param {number | null} ahead ms
 * @param {number} error ms
 * @returns {"fast" | "slow" | null}
 */
export function misled(ahead, error) {
  if (ahead === null || Math.abs(ahead) <= Math.max(MATTERS_MS, error)) return null;
  return ahead > 0 ? "fast" : "slow";
}

/** The page's one clock. */
export const clock = new ServerClock();

/** @returns {number} ms since 1970 on the platform's clock */
export function platformNow() {
  return clock.now(performance.now());
}

/** @returns {Look} */
export function look() {
  return { mono: performance.now(), wall: Date.now() };
}
