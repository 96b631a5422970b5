/** A finished auction as its record tells it, moment after moment: what a replay moves over. */

import { after, standing } from "./round.js";

/**
 * @typedef {import("./round.js").Event} Event
 * @typedef {import("./round.js").Round} Round
 * @typedef {Event & {reason?: string, start?: number, step?: number, start_t?: number}} Entry a leaf of the record
 * @typedef {object} Moment
 * @property {number} at when it was recorded, in ms; what came before the bidding counts as its beginning
 * @property {Entry} entry
 * @property {Round} round what stood from then on
 * @property {number} extensions how often a bid had moved the end by then
 * @property {number} suspensions
 * @property {boolean} extended whether this entry is such a bid
 */

const THIN = 4; // thousandths of the width
const ENDS = new Set(["close", "void"]);

/**
 * Return the leaves of a record that was found in order.
 * @param {string} record
 * @returns {Entry[]}
 */
export function entries(record) {
  return record.trimEnd().split("\n").map((line) => JSON.parse(line));
}

/**
 * Return the moments of an auction from the beginning of its bidding to its end.
 * @param {readonly Entry[]} entries
 * @returns {Moment[]}
 */
export function moments([open, ...later]) {
  if (!open) return [];
  const end = later.findIndex(({ kind }) => ENDS.has(kind));
  const round = standing(announced(open), open.step ?? 0);
  const found = [{ at: open.t, entry: open, round, extensions: 0, suspensions: 0, extended: false }];
  for (const entry of end < 0 ? later : later.slice(0, end + 1)) found.push(next(/** @type {Moment} */ (found.at(-1)), entry));
  const from = Math.min(open.start_t ?? open.t, found.at(-1)?.at ?? open.t);
  const first = at(found, from);
  return found.slice(first).map((moment) => ({ ...moment, at: Math.max(moment.at, from) }));
}

/**
 * Return the place of the last moment that is not after an instant, 0 if all are.
 * @param {readonly {at: number}[]} moments
 * @param {number} instant
 */
export function at(moments, instant) {
  let [low, high] = [0, moments.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((moments[middle]?.at ?? Infinity) <= instant) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * Return the price from left to right as the data of an SVG path, 1000 wide and 100 high.
 * @param {readonly Moment[]} moments
 * @param {number} from
 * @param {number} to
 */
export function line(moments, from, to) {
  const prices = moments.map(({ round }) => round.price ?? round.least);
  const [low, high] = [prices[0] ?? 0, prices.at(-1) ?? 0];
  const y = (/** @type {number} */ price) => Math.round(96 - (92 * (price - low)) / (high - low || 1));
  /** @type {Map<number, number>} what stood last at each of the places there are */
  const heights = new Map([[0, y(low)]]);
  moments.forEach((moment, place) => heights.set(x(moment.at, from, to), y(prices[place] ?? low)));
  return [...heights].map(([left, height]) => (left ? `H${left}V${height}` : `M0 ${height}`)).join("") + "H1000";
}

/**
 * Return the times in which something held as the data of an SVG path of bars.
 * @param {readonly Moment[]} moments
 * @param {number} from
 * @param {number} to
 * @param {(moment: Moment) => boolean} holds
 * @param {boolean} lasts until the next moment, or a moment only
 */
export function bars(moments, from, to, holds, lasts) {
  const held = moments.flatMap((moment, place) => {
    const left = x(moment.at, from, to);
    const right = lasts ? x(moments[place + 1]?.at ?? to, from, to) : x(moment.at + 1, from, to);
    return holds(moment) && right > 0 ? [`M${left} 0V100H${Math.max(right, left + THIN)}V0Z`] : [];
  });
  return [...new Set(held)].join("");
}

/**
 * @param {number} instant
 * @param {number} from
 * @param {number} to
 */
function x(instant, from, to) {
  return Math.max(0, Math.round((1000 * (instant - from)) / (to - from || 1)));
}

/**
 * @param {Moment} before
 * @param {Entry} entry
 * @returns {Moment}
 */
function next(before, entry) {
  const round = after(before.round, entry);
  const extended = entry.kind === "bid" && round.closes_at > before.round.closes_at;
  return {
    at: entry.t,
    entry,
    round,
    extensions: before.extensions + Number(extended),
    suspensions: before.suspensions + Number(entry.kind === "suspend"),
    extended,
  };
}

/**
 * @param {Entry} open
 * @returns {import("./round.js").Snapshot}
 */
function announced({ seq, t, start = 0, start_t = t, deadline = t }) {
  const nobody = { price: null, leader: null, bids: 0, recent: [], you: null };
  return { seq, state: "announced", least: start, opens_at: start_t, closes_at: deadline, ...nobody };
}
