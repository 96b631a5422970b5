/**
 * The platform's clock as this page knows it. Only the platform's clock counts (art. 20); the device's own is
 * never asked for the time of day, only for what has passed since.
 */

/** @type {number | null} platform instant in ms when `performance.now()` was zero */
let origin = null;
let best = Infinity;

/**
 * Take the platform's instant as a page carried it; a later exchange over the socket is better.
 * @param {number} instant ms since 1970, as rendered
 * @param {number} at `performance.now()` when it was rendered, as near as known
 */
export function takeRendered(instant, at = 0) {
  origin ??= instant - at;
}

/**
 * Take one question and answer over the socket; the quickest exchange of the last ones is believed.
 * @param {{sent: number, now: number, received: number}} exchange sent and received by `performance.now()`
 */
export function takeExchange({ sent, now, received }) {
  const trip = received - sent;
  if (trip <= best * 1.5 || trip < 50) {
    best = Math.min(best, trip);
    origin = now - (sent + received) / 2;
  }
}

/** Forget how quick the best exchange was: after a sleep or a new connection the next one counts. */
export function doubt() {
  best = Infinity;
}

/** @returns {number} ms since 1970 on the platform's clock */
export function platformNow() {
  return (origin ?? performance.timeOrigin) + performance.now();
}
