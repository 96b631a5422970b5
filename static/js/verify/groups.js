/** The rules as a page tells of them: in groups, each sound, broken, not signed yet, or not checked. */

/**
 * @typedef {import("./verify.js").Verdict} Verdict
 * @typedef {"sound" | "broken" | "waiting" | "unchecked"} State
 */

/** @satisfies {Record<string, string[]>} */
export const GROUPS = {
  form: ["F0", "S0", "S1", "S7", "P1", "B0"],
  chain: ["S2", "S3", "S4", "S5", "S6"],
  bids: ["B1", "B2", "B3", "B5", "B6", "B7", "B8", "B9", "B10"],
  time: ["E1", "E2", "E3"],
  end: ["C1", "C2", "C3", "C5", "C6", "C7"],
  log: ["L1", "L2", "L3", "L5"],
  witnesses: ["L4"],
  published: ["D1", "I1", "I2"],
  receipts: ["R1", "R2", "R3", "R4", "R5", "R6"],
};

/** Remarks that say a group was left out. */
/** @type {Record<string, string[]>} */
const LEFT_OUT = { L1: ["log", "witnesses"], L4: ["witnesses"], R1: ["receipts"] };

/**
 * Return how each group stands.
 * @param {Verdict} verdict
 * @param {{ zip: boolean, receipts: number, waits?: boolean }} given waits: what is broken is only not signed yet
 * @returns {Record<string, State>}
 */
export function standing({ violations, remarks, published }, { zip, receipts, waits = false }) {
  const broken = new Set(violations.map(({ rule }) => rule));
  const left = new Set(remarks.flatMap(({ rule }) => LEFT_OUT[rule] ?? []));
  if (!zip) for (const group of ["log", "witnesses"]) left.add(group);
  if (!published) left.add("published");
  if (!receipts) left.add("receipts");
  /** @type {(group: string, rules: string[]) => State} */
  const state = (group, rules) => {
    if (rules.some((rule) => broken.has(rule))) return waits ? "waiting" : "broken";
    return left.has(group) || broken.has("F0") ? "unchecked" : "sound";
  };
  return Object.fromEntries(Object.entries(GROUPS).map(([group, rules]) => [group, state(group, rules)]));
}
