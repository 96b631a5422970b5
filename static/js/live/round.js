/**
 * A round as a watcher knows it: the fold of what the server said, by the same rules as the server's own record.
 *
 * @typedef {{seq: number, code: string, amount: number, at: number}} Bid amounts in fen, instants in ms
 * @typedef {{code: string, rank: number | null, leading: boolean, least: number}} Own
 * @typedef {object} Round
 * @property {number} seq place in the record up to which this is so
 * @property {string} state
 * @property {number | null} price
 * @property {string | null} leader
 * @property {number} least what anyone without priority must offer now
 * @property {number} step
 * @property {number} opens_at
 * @property {number} closes_at
 * @property {number} bids
 * @property {readonly Bid[]} recent newest first
 * @property {Own | null} you
 * @property {boolean} gap whether something in between is missing
 *
 * @typedef {{type?: "event", seq: number, kind: string, t: number, in_t?: number, code?: string, amount?: number,
 *   deadline?: number, winner?: string | null, about?: string}} Event
 * @typedef {{type: "leap"} & Pick<Round, "seq" | "state" | "price" | "leader" | "least" | "closes_at" | "bids"
 *   | "recent">} Leap many bids told as one: what stands after the last of them, and the newest few
 * @typedef {Omit<Round, "gap" | "step">} Snapshot
 */

const RECENT = 20;
/** @type {Record<string, string>} what a note changes; all others are for readers only */
const NOTED = { opened: "open", confirmation: "confirmed", default: "defaulted" };

/**
 * Return the round a snapshot tells of.
 * @param {Snapshot} snapshot
 * @param {number} step the announced increment in fen
 * @returns {Round}
 */
export function standing(snapshot, step) {
  return { ...snapshot, step, gap: false };
}

/**
 * Return the round after one entry of its record or a leap over many; an old one changes nothing, a far entry shows
 * the gap.
 * @param {Round} round
 * @param {Event | Leap} event
 * @returns {Round}
 */
export function after(round, event) {
  if (event.seq <= round.seq) return round;
  if (event.type === "leap") return leapt(round, event);
  if (event.seq > round.seq + 1) return { ...round, gap: true };
  const change = KINDS[event.kind];
  return { ...round, ...(change ? change(round, event) : {}), seq: event.seq, gap: false };
}

/**
 * A leap says all that stands, so it also closes a gap; of the bids it passes over, the history shows the newest.
 * @param {Round} round
 * @param {Leap} leap
 * @returns {Round}
 */
function leapt(round, { type: _, ...stands }) {
  const oldest = stands.recent.at(-1)?.seq ?? Infinity;
  const recent = [...stands.recent, ...round.recent.filter(({ seq }) => seq < oldest)].slice(0, RECENT);
  const you = round.you && own(round.you, stands.leader, stands.price ?? stands.least, stands.least);
  return { ...round, ...stands, recent, you, gap: false };
}

/** @type {Record<string, (round: Round, event: Event) => Partial<Round>>} */
const KINDS = {
  bid: placed,
  suspend: () => ({ state: "suspended" }),
  resume: (round, event) => ({ state: "open", closes_at: event.deadline ?? round.closes_at }),
  close: (_, event) => ({ state: event.winner ? "sold" : "unsold" }),
  void: () => ({ state: "withdrawn" }),
  note: (round, event) => ({ state: NOTED[event.about ?? ""] ?? round.state }),
};

/**
 * @param {Round} round
 * @param {Event} event
 * @returns {Partial<Round>}
 */
function placed(round, event) {
  const { seq, t, in_t: at = t, code = "", amount = 0, deadline = round.closes_at } = event;
  const recent = [{ seq, code, amount, at }, ...round.recent].slice(0, RECENT);
  const least = amount + round.step;
  const you = round.you && own(round.you, code, amount, least);
  return { price: amount, leader: code, least, closes_at: deadline, bids: round.bids + 1, recent, you };
}

/**
 * A priority purchaser may match another's price (art. 21); the server refuses it if the other's rank is no worse.
 * @param {Own} you
 * @param {string | null} leader
 * @param {number} amount
 * @param {number} least
 * @returns {Own}
 */
function own(you, leader, amount, least) {
  const leading = leader === you.code;
  return { ...you, leading, least: you.rank !== null && !leading ? amount : least };
}
