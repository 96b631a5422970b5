/** The bid box: an amount, its echo in capital numerals, the dialog that asks again, and what becomes of the bid. */

import { capitals, parse, plain, price } from "./money.js";
import { isOutlier } from "./outlier.js";
import { fill, ground, part, reveal } from "./page.js";

/**
 * @typedef {import("./bids.js").Bids} Bids
 * @typedef {import("./bids.js").Bid} Bid
 * @typedef {import("./bids.js").Answer} Answer
 * @typedef {import("./bids.js").Stage | "unsent"} Stage
 * @typedef {{least: number, step: number}} Terms
 */

/** While one of these is so, no other bid can be sent. */
const ON_ITS_WAY = new Set(["sent", "asked", "unsure"]);
/** The amount is at fault: refused by the platform, or here before it was sent. */
const AMISS = new Set(["refused", "unsent"]);

export class BidBox {
  /** @type {Terms} */
  #terms = { least: 0, step: 0 };
  #offered = "";
  #asked = 0;
  /** @type {Stage} */
  #stage = "";
  #since = 0;

  /**
   * @param {HTMLFormElement} form
   * @param {HTMLDialogElement} dialog
   * @param {Bids} bids
   * @param {number} step in fen
   */
  constructor(form, dialog, bids, step) {
    this.form = form;
    this.dialog = dialog;
    this.bids = bids;
    this.input = /** @type {HTMLInputElement} */ (form.elements.namedItem("amount"));
    this.again = /** @type {HTMLInputElement} */ (dialog.querySelector("[name='again']"));
    this.#offered = this.input.value;
    // What the page was rendered with holds until the line tells more.
    this.#terms = { least: parse(this.input.value) ?? 0, step };
    form.addEventListener("submit", (event) => this.#ask(event));
    form.addEventListener("click", (event) => this.#raise(event));
    this.input.addEventListener("input", () => this.#echo());
    part(form, "steps")?.removeAttribute("hidden");
    part(dialog, "confirm")?.addEventListener("click", (event) => this.#confirm(event));
    for (const name of ["retry", "again"]) part(form, name)?.addEventListener("click", () => void bids.again());
    part(form, "leave")?.addEventListener("click", () => bids.leave());
  }

  /**
   * Take what may be offered now; an amount the bidder has not touched follows it.
   * @param {Terms} terms
   */
  update(terms) {
    this.#terms = terms;
    fill(this.form, { least: price(terms.least) });
    if (this.input.value === this.#offered) this.#offer(terms.least);
  }

  /**
   * Show what becomes of a bid.
   * @param {Stage} stage
   * @param {Bid | null} bid
   * @param {Answer | null} answer
   */
  show(stage, bid, answer) {
    if (stage === "sent") this.#since = performance.now();
    this.#become(stage);
    if (bid) fill(this.form, { sent: price(bid.amount) });
    if (answer?.type === "refused") this.#fault(answer["ground"], stage);
    if (answer?.type === "accepted") this.#offered = this.input.value;
    this.tick();
  }

  /** Count the seconds a bid has been on its way. */
  tick() {
    if (!ON_ITS_WAY.has(this.#stage)) return;
    fill(this.form, { waited: String(Math.floor((performance.now() - this.#since) / 1000)) });
  }

  /** @param {number} amount */
  #offer(amount) {
    this.#offered = plain(amount);
    this.input.value = this.#offered;
    this.#write();
  }

  /** @param {Event} event */
  #raise(event) {
    const button = /** @type {Element} */ (event.target).closest("[data-steps]");
    if (!button) return;
    this.input.value = plain(this.#terms.least + Number(button.getAttribute("data-steps")) * this.#terms.step);
    this.#echo();
  }

  #echo() {
    this.#write();
    if (AMISS.has(this.#stage)) this.#become("");
    this.input.setAttribute("aria-invalid", "false");
  }

  #write() {
    const amount = parse(this.input.value);
    fill(this.form, { capitals: amount === null ? "" : capitals(amount) });
  }

  /** @param {Event} event */
  #ask(event) {
    event.preventDefault();
    const amount = parse(this.input.value);
    if (amount === null) return this.#fault("not_a_price", "unsent");
    if (amount < this.#terms.least) return this.#fault("too_low", "unsent");
    this.#asked = amount;
    this.again.value = "";
    fill(this.dialog, { amount: price(amount), capitals: capitals(amount), least: price(this.#terms.least) });
    reveal(this.dialog, new Set(isOutlier(amount, this.#terms) ? ["outlier"] : []), "data-bid");
    this.dialog.showModal();
  }

  /** @param {Event} event */
  #confirm(event) {
    event.preventDefault();
    const amount = this.#asked;
    if (isOutlier(amount, this.#terms) && parse(this.again.value) !== amount) {
      reveal(this.dialog, new Set(["outlier", "differs"]), "data-bid");
      this.again.focus();
      return;
    }
    this.dialog.close();
    void this.bids.send(amount);
  }

  /** @param {Stage} stage */
  #become(stage) {
    this.#stage = stage;
    const waiting = ON_ITS_WAY.has(stage);
    this.form.setAttribute("aria-busy", String(waiting && stage !== "unsure"));
    for (const button of this.form.querySelectorAll("[data-part='steps'] button, [data-part='send']")) {
      /** @type {HTMLButtonElement} */ (button).disabled = waiting;
    }
    ground(this.form, "");
    reveal(this.form, new Set([stage]), "data-bid");
  }

  /**
   * @param {string} code of the ground
   * @param {Stage} stage
   */
  #fault(code, stage) {
    this.#become(stage);
    ground(this.form, code);
    this.input.setAttribute("aria-invalid", String(AMISS.has(stage)));
    if (AMISS.has(stage)) this.input.focus();
  }
}
