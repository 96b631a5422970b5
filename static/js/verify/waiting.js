/** Whether a record is only not signed yet: what is written takes a moment to be in the log, and to be cosigned. */

/** @typedef {import("./verify.js").Verdict} Verdict */

export const PATIENCE_MS = 120_000; // within seconds all is well; who is not signed after this is not in order

/** The rules that what is new breaks for a moment: the log has no proof of it yet, or too few have cosigned that. */
const NOT_YET = new Set(["L2", "L4"]);

/**
 * Return whether nothing is wrong but that the last lines are too new: all that is unproven is at the end, and recent.
 * @param {Verdict} verdict
 * @param {number} now ms since 1970
 */
export function isWaiting({ count, violations, times }, now) {
  if (!count || count > violations.length || !violations.every(({ rule }) => NOT_YET.has(rule))) return false;
  const unproven = violations.filter(({ rule }) => rule === "L2").map(({ line }) => line);
  const first = times.length - unproven.length + 1; // the line from which nothing is proven, if that is the end
  const oldest = unproven.length ? times[first - 1] : times.at(-1);
  const atTheEnd = !unproven.length || Math.min(...unproven) === first;
  return atTheEnd && (oldest ?? -Infinity) >= now - PATIENCE_MS;
}
