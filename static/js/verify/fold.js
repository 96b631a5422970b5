/** The auction as its record tells it, line after line, held to the rules of bids, time and end (section 3 of the text). */

/**
 * @typedef {import("./findings.js").Findings} Findings
 * @typedef {import("./lines.js").Line} Line
 * @typedef {import("./lines.js").Leaf} Leaf
 * @typedef {object} Told what a leaf that takes part tells, its types being known
 * @property {number} line
 * @property {number} t
 * @property {(name: string) => number} number
 * @property {(name: string) => string} text
 * @property {(name: string) => boolean} has
 * @property {Leaf} leaf
 */

const EXTENSION_MS = 300_000;
const ON_ITS_WAY_MS = 6_000;
const CLOSE_AFTER_MS = 2_000;
const CLOSE_LATE_MS = 60_000;

/**
 * Fold the lines that take part.
 * @param {Line[]} lines
 * @param {Findings} findings
 * @param {boolean} running whether the round may be without an end
 */
export function fold(lines, findings, running) {
  const told = lines.filter((line) => line.counts).map(telling);
  const round = new Round(findings, ranks(told));
  for (const one of told) round.take(one);
  if (!round.end && !running) findings.broken("C1", 0);
  return round;
}

/**
 * @param {Line} line
 * @returns {Told}
 */
function telling({ number, leaf }) {
  const told = /** @type {Leaf} */ (leaf);
  return {
    line: number,
    t: Number(told.get("t")),
    number: (name) => Number(told.get(name)),
    text: (name) => String(told.get(name)),
    has: (name) => told.has(name),
    leaf: told,
  };
}

/**
 * Return the rank each code told first, wherever it told it.
 * @param {Told[]} told
 */
function ranks(told) {
  /** @type {Map<string, number>} */
  const first = new Map();
  for (const one of told) {
    const code = one.text("code");
    if (one.text("kind") === "bid" && one.has("rank") && !first.has(code)) first.set(code, one.number("rank"));
  }
  return first;
}

/** A round as it stands. What nobody told is null, and nothing is measured by it. */
export class Round {
  /** @type {"announced" | "open" | "suspended"} */
  state = "announced";
  /** @type {Told | null} */
  end = null;
  /** @type {number | null} */
  deadline = null;
  /** @type {number | null} */
  price = null;
  /** @type {string | null} */
  leader = null;
  /** @type {{ start: number, step: number, ext: number, start_t: number, ranks: number[] } | null} */
  terms = null;
  /** What was left at the last suspension; exact, as it may lie beyond 2^53.
   * @type {bigint | null} */
  left = null;
  bids = 0;
  /** @type {Map<string, string>} */
  commits = new Map();

  /**
   * @param {Findings} findings
   * @param {Map<string, number>} ranks
   */
  constructor(findings, ranks) {
    this.findings = findings;
    this.ranks = ranks;
  }

  /** @param {Told} told */
  take(told) {
    const kind = /** @type {keyof typeof ACTS} */ (told.text("kind"));
    /** @type {Judge} */
    const unless = (rule, holds, what) => {
      if (!holds) this.findings.broken(rule, told.line, what);
    };
    if (kind === "bid") judgeRank(this, told, unless);
    if (this.end && kind !== "note") return unless(kind === "close" || kind === "void" ? "C1" : "C2", false);
    ACTS[kind](this, told, unless);
  }
}

/** @typedef {(rule: string, holds: boolean, what?: string) => void} Judge */

/** @satisfies {Record<string, (round: Round, told: Told, unless: Judge) => void>} */
const ACTS = { open, qualify, bid, suspend, resume, close, void: voided, note };

/**
 * @param {Round} round
 * @param {Told} told
 * @param {Judge} unless
 */
function open(round, told, unless) {
  if (told.line !== 1) return;
  const [ext, start_t, deadline] = [told.number("ext_ms"), told.number("start_t"), told.number("deadline")];
  unless("E1", ext === EXTENSION_MS || told.leaf.get("practice") === true, String(ext));
  unless("B2", deadline > start_t, `${deadline} ≤ ${start_t}`);
  const ranks = /** @type {number[]} */ (told.leaf.get("ranks") ?? []);
  round.terms = { start: told.number("start"), step: told.number("step"), ext, start_t, ranks };
  round.deadline = deadline;
}

/**
 * @param {Round} round
 * @param {Told} told
 * @param {Judge} unless
 */
function qualify(round, told, unless) {
  const code = told.text("code");
  unless("B6", !round.commits.has(code), code);
  if (!round.commits.has(code)) round.commits.set(code, told.text("commit"));
}

/**
 * @param {Round} round
 * @param {Told} told
 * @param {Judge} unless
 */
function bid(round, told, unless) {
  const code = told.text("code");
  unless("B3", round.commits.has(code), code);
  unless("B7", round.state !== "suspended");
  judgeTime(round, told, unless);
  judgeAmount(round, told, unless);
  judgeDeadline(round, told, unless);
  round.price = told.number("amount");
  round.leader = code;
  round.deadline = told.number("deadline");
  round.bids++;
  if (round.state === "announced") round.state = "open";
}

/**
 * @param {Round} round
 * @param {Told} told
 * @param {Judge} unless
 */
function judgeTime({ deadline, terms }, told, unless) {
  const [in_t, way] = [told.number("in_t"), told.t - told.number("in_t")];
  unless("B2", deadline === null || in_t < deadline, `${in_t} ≥ ${deadline}`);
  unless("B8", !terms || in_t >= terms.start_t, `${in_t} < ${terms?.start_t}`);
  unless("B9", way >= 0, `${in_t} > ${told.t}`);
  unless("B10", way <= ON_ITS_WAY_MS, `${way} > ${ON_ITS_WAY_MS}`);
}

/**
 * A code's rank is the first it told, and no bid may tell another, be it after the end.
 * @param {Round} round
 * @param {Told} told
 * @param {Judge} unless
 */
function judgeRank({ ranks }, told, unless) {
  unless("B5", !told.has("rank") || told.number("rank") === ranks.get(told.text("code")));
}

/**
 * A bid of the price itself stands only for who has priority over the leader (art. 21); any other is higher.
 * @param {Round} round
 * @param {Told} told
 * @param {Judge} unless
 */
function judgeAmount(round, told, unless) {
  const [amount, { price, terms }] = [told.number("amount"), round];
  if (amount === price) return unless("B5", hasPriority(round, told));
  const least = price === null ? terms?.start : terms && price + terms.step;
  unless("B1", least === undefined || least === null || amount >= least, `${amount} < ${least}`);
  unless("P1", !told.has("rank"), "rank");
}

/**
 * @param {Round} round
 * @param {Told} told
 */
function hasPriority({ ranks, terms, leader }, told) {
  if (!told.has("rank")) return false;
  const rank = told.number("rank");
  const offered = !terms?.ranks.length || terms.ranks.includes(rank);
  return offered && rank < (ranks.get(leader ?? "") ?? Infinity);
}

/**
 * Whoever bids leaves the others as long as was announced (art. 20).
 * @param {Round} round
 * @param {Told} told
 * @param {Judge} unless
 */
function judgeDeadline({ deadline, terms }, told, unless) {
  if (deadline === null || !terms) return;
  const in_t = told.number("in_t");
  const wanted = deadline - in_t <= terms.ext ? in_t + terms.ext : deadline;
  unless("E1", told.number("deadline") === wanted, `${told.number("deadline")} ≠ ${wanted}`);
}

/**
 * @param {Round} round
 * @param {Told} told
 * @param {Judge} unless
 */
function suspend(round, told, unless) {
  unless("E2", round.state !== "suspended");
  const since = told.has("since") ? told.number("since") : told.t;
  round.left = round.deadline === null ? null : BigInt(round.deadline) - BigInt(since);
  round.state = "suspended";
}

/**
 * @param {Round} round
 * @param {Told} told
 * @param {Judge} unless
 */
function resume(round, told, unless) {
  const [deadline, suspended] = [told.number("deadline"), round.state === "suspended"];
  const given = BigInt(deadline) - BigInt(told.t);
  unless("E2", suspended && (round.left === null || given >= round.left), `${given} < ${round.left}`);
  unless("E3", !round.terms || given >= BigInt(round.terms.ext), `${given} < ${round.terms?.ext}`);
  round.deadline = deadline;
  round.state = "open";
}

/**
 * @param {Round} round
 * @param {Told} told
 * @param {Judge} unless
 */
function close(round, told, unless) {
  const [winner, price] = [told.leaf.get("winner"), told.leaf.get("price")];
  if (round.deadline !== null) {
    const after = told.t - round.deadline;
    unless("C3", after >= CLOSE_AFTER_MS, `${after} < ${CLOSE_AFTER_MS}`);
    unless("C7", told.number("deadline") === round.deadline, `${told.number("deadline")} ≠ ${round.deadline}`);
    if (after > CLOSE_LATE_MS) round.findings.remark("C4", told.line, `${after} > ${CLOSE_LATE_MS}`);
  }
  unless("C5", round.state !== "suspended");
  unless("C6", winner === round.leader && price === round.price, `${winner} ${price} ≠ ${round.leader} ${round.price}`);
  round.end = told;
}

/**
 * @param {Round} round
 * @param {Told} told
 */
function voided(round, told) {
  round.end = told;
}

/**
 * @param {Round} round
 * @param {Told} told
 * @param {Judge} unless
 */
function note(round, told, unless) {
  const code = told.leaf.get("code");
  if (told.text("about") === "opening") unless("I2", isWinner(round, code), typeof code === "string" ? code : "");
  if (told.text("about") !== "opened") return;
  unless("C2", round.state === "announced" && !round.end);
  round.state = "open";
}

/**
 * Return whether a code is the one that a close names: of nobody else may an identity be opened.
 * @param {Round} round
 * @param {import("./json.js").Json | undefined} code
 */
export function isWinner({ end }, code) {
  return typeof code === "string" && code === end?.leaf.get("winner");
}
