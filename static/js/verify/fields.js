/** Which fields a leaf has, and of what type (section 2 of the text). */

/**
 * @typedef {import("./json.js").Json} Json
 * @typedef {{ needs: ReadonlySet<string>, may: ReadonlySet<string> }} Kind
 */

const COMMON = ["v", "kind", "lot", "seq", "prev", "t"];

/** @type {ReadonlyMap<string, Kind>} */
export const KINDS = new Map([
  kind("open", "start step ext_ms start_t deadline", "round deposit ranks assets notices tour practice"),
  kind("qualify", "code commit"),
  kind("bid", "code cid amount in_t deadline", "rank"),
  kind("suspend", "reason", "since incident"),
  kind("resume", "reason deadline"),
  kind("close", "winner price deadline", "reach reach_end"),
  kind("void", "reason"),
  kind("note", "about", "digest price reason opening identity deadline code"),
]);

/**
 * @param {string} name
 * @param {string} needs
 * @param {string} may
 * @returns {[string, Kind]}
 */
function kind(name, needs, may = "") {
  const needed = [...COMMON, ...needs.split(" ")];
  return [name, { needs: new Set(needed), may: new Set([...needed, ...may.split(" ").filter(Boolean)]) }];
}

/** @param {unknown} value */
const isInteger = (value) => Number.isSafeInteger(value);
/** @param {unknown} value */
const isAmount = (value) => Number.isSafeInteger(value) && Number(value) >= 1;
/** @param {unknown} value */
const isText = (value) => typeof value === "string";

/** @type {ReadonlyMap<string, (value: Json) => boolean>} */
const TYPES = new Map([
  ...["lot", "seq", "t", "ext_ms", "start_t", "deadline", "in_t", "since", "rank"].map((name) => is(name, isInteger)),
  ...["start", "step", "amount"].map((name) => is(name, isAmount)),
  ...["kind", "prev", "code", "cid", "commit", "about"].map((name) => is(name, isText)),
  is("v", (value) => value === 1),
  is("ranks", (value) => Array.isArray(value) && value.every(isInteger)),
]);

/** Where a kind differs: the rest of its fields have the types above. */
/** @type {ReadonlyMap<string, (value: Json) => boolean>} */
const TYPES_OF_KIND = new Map([
  is("close winner", (value) => value === null || isText(value)),
  is("close price", (value) => value === null || isInteger(value)),
  is("note code", () => true),
]);

const AMOUNTS = new Set(["start", "step", "amount"]);

/**
 * @param {string} name
 * @param {(value: Json) => boolean} test
 * @returns {[string, (value: Json) => boolean]}
 */
function is(name, test) {
  return [name, test];
}

/**
 * Yield P1 for each field that is missing, may not be there or has the wrong type; B0 where an amount's value is wrong.
 * @param {Map<string, Json>} leaf
 * @param {Kind} kind
 * @returns {Generator<{ rule: "P1" | "B0", name: string }>}
 */
export function* faults(leaf, kind) {
  for (const name of kind.needs) if (!leaf.has(name)) yield { rule: "P1", name };
  for (const [name, value] of leaf) {
    if (!kind.may.has(name)) yield { rule: "P1", name };
    else if (!hasType(String(leaf.get("kind")), name, value)) yield { rule: AMOUNTS.has(name) ? "B0" : "P1", name };
  }
}

/**
 * @param {string} kind
 * @param {string} name
 * @param {Json} value
 */
function hasType(kind, name, value) {
  const test = TYPES_OF_KIND.get(`${kind} ${name}`) ?? TYPES.get(name);
  return !test || test(value);
}
