/**
 * @typedef {{days: number, hours: string, minutes: string, seconds: string, over: boolean}} Remaining
 */

/**
 * Split what is left until an instant; a begun second still counts, so 0 is shown only when it is over.
 * @param {number} ms may be negative
 * @returns {Remaining}
 */
export function remaining(ms) {
  const whole = Math.max(0, Math.ceil(ms / 1000));
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  return {
    days: Math.floor(whole / 86400),
    hours: two(Math.floor(whole / 3600) % 24),
    minutes: two(Math.floor(whole / 60) % 60),
    seconds: two(whole % 60),
    over: whole === 0,
  };
}

/**
 * Name the mark that was passed between two looks at the clock: told once each to who cannot see it.
 * @param {number} before ms left at the last look
 * @param {number} after ms left now
 * @returns {"ten" | "five" | "one" | null}
 */
export function passed(before, after) {
  /** @type {["one" | "five" | "ten", number][]} */
  const marks = [["one", 60_000], ["five", 300_000], ["ten", 600_000]];
  return marks.find(([, at]) => before > at && after <= at && after > 0)?.[0] ?? null;
}
