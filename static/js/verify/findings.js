/** What a checker found. */

/**
 * @typedef {object} Finding
 * @property {string} rule
 * @property {number} line 0 where it is of the whole record
 * @property {string} what the names and figures of it, in no language
 */

export const MOST_LISTED = 1000;

export class Findings {
  /** @type {Map<string, Finding>} */
  #violations = new Map();
  /** @type {Finding[]} */
  remarks = [];

  /**
   * Note a broken rule; of one line it is said once, of receipts once each.
   * @param {string} rule
   * @param {number} line
   * @param {string} what
   */
  broken(rule, line, what = "") {
    const key = rule.startsWith("R") ? `${rule} ${line} ${what}` : `${rule} ${line}`;
    if (!this.#violations.has(key)) this.#violations.set(key, { rule, line, what });
  }

  /**
   * @param {string} rule
   * @param {number} line
   * @param {string} what
   */
  remark(rule, line, what = "") {
    this.remarks.push({ rule, line, what });
  }

  get count() {
    return this.#violations.size;
  }

  /** The first of them by line, then by rule. */
  get violations() {
    const all = [...this.#violations.values()];
    all.sort((one, other) => one.line - other.line || (one.rule < other.rule ? -1 : Number(one.rule > other.rule)));
    return all.slice(0, MOST_LISTED);
  }
}

/** Nothing can be said of the file but that (rule F0). */
export class Refused extends Error {}
