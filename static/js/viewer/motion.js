/**
 * How a flung view slows down.
 *
 * @typedef {{yaw: number, pitch: number}} Speed  degrees a millisecond
 */

const FADE = 260;
const STILL = 0.002;
const RECENT = 90;

/**
 * Return how far a view moved by `speed` goes in `elapsed` milliseconds, and the speed it has left.
 * @param {Speed} speed
 * @param {number} elapsed
 * @returns {{yaw: number, pitch: number, speed: Speed | null}}
 */
export function glide(speed, elapsed) {
  const left = Math.exp(-elapsed / FADE);
  const way = FADE * (1 - left);
  const after = { yaw: speed.yaw * left, pitch: speed.pitch * left };
  const stopped = Math.hypot(after.yaw, after.pitch) < STILL;
  return { yaw: speed.yaw * way, pitch: speed.pitch * way, speed: stopped ? null : after };
}

/**
 * Return the speed of the last moments of a drag; a finger that rested before it was lifted leaves none.
 * @param {{at: number, yaw: number, pitch: number}[]} steps
 * @param {number} now
 * @returns {Speed | null}
 */
export function released(steps, now) {
  const recent = steps.filter(({ at }) => now - at < RECENT);
  const first = recent[0];
  if (first === undefined || recent.length < 2) return null;
  const span = Math.max(now - first.at, 16);
  const [yaw, pitch] = recent.slice(1).reduce((sum, step) => [sum[0] + step.yaw, sum[1] + step.pitch], [0, 0]);
  return { yaw: yaw / span, pitch: pitch / span };
}
