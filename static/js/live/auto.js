/**
 * Automatic bidding: what a careful person with a ceiling in mind would do next, and when he would rather stop.
 *
 * It runs in the page of the one who wants it. The ceiling is his secret: it is in no message, and in no store.
 *
 * @typedef {"ceiling" | "refused" | "unsure" | "slept" | "hidden" | "offline" | "suspended" | "over" | "signed-out" | "off"} Why
 * @typedef {object} Facts
 * @property {number} ceiling in fen
 * @property {string} state of the round
 * @property {number} least what he must offer now
 * @property {boolean} leading whether he leads himself
 * @property {boolean} current whether all of the record up to now is known
 * @property {boolean} busy whether a bid of his is on its way
 * @property {number} left ms to the end
 * @property {string} stage of his last bid since it was turned on
 * @property {boolean} slept
 * @property {boolean} signedOut
 * @property {number} offlineMs
 * @property {number} hiddenMs
 * @typedef {{act: "wait"} | {act: "bid", amount: number} | {act: "stop", why: Why}} Next
 */

const OFFLINE_MS = 10_000;
const HIDDEN_MS = 240_000; // a minute later browsers let a hidden page act once a minute only
const QUICKEST_MS = 1_000;
const SLOWEST_MS = 3_000;

/** @type {[(facts: Facts) => boolean, Why][]} */
const STOPS = [
  [({ signedOut }) => signedOut, "signed-out"],
  [({ slept }) => slept, "slept"],
  [({ hiddenMs }) => hiddenMs > HIDDEN_MS, "hidden"],
  [({ offlineMs }) => offlineMs > OFFLINE_MS, "offline"],
  [({ state }) => state === "suspended", "suspended"],
  [({ state }) => state !== "open", "over"],
  [({ stage }) => stage === "refused" || stage === "undecided", "refused"],
  [({ stage }) => stage === "unsure", "unsure"],
];

/** @type {((facts: Facts) => boolean)[]} */
const WAITS = [
  ({ leading }) => leading,
  ({ busy }) => busy,
  ({ current }) => !current,
  ({ offlineMs }) => offlineMs > 0,
  ({ left }) => left <= 0,
];

/**
 * Return what to do now.
 * @param {Facts} facts
 * @returns {Next}
 */
export function next(facts) {
  const stop = STOPS.find(([is]) => is(facts));
  if (stop) return { act: "stop", why: stop[1] };
  if (WAITS.some((is) => is(facts))) return { act: "wait" };
  if (facts.least > facts.ceiling) return { act: "stop", why: "ceiling" };
  return { act: "bid", amount: facts.least };
}

/**
 * Return how long to think before bidding: as a person would, but never so long that the end comes first.
 * @param {number} left ms to the end
 * @param {number} chance 0 to 1
 * @returns {number} ms
 */
export function delay(left, chance) {
  return Math.min(QUICKEST_MS + chance * (SLOWEST_MS - QUICKEST_MS), Math.max(0, left / 2));
}
