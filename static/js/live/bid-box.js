/** The bid box: an amount, its echo in capital numerals, the dialog that asks again, and what became of the bid. */

import { capitals, parse, plain, price } from "./money.js";
import { isOutlier } from "./outlier.js";
import { fill, ground, part, reveal } from "./page.js";

/**
 * @typedef {import("./line.js").Line} Line
 * @typedef {import("./line.js").Answer} Answer
 * @typedef {{least: number, step: number}} Terms
 */

export class BidBox {
  /** @type {Terms} */
  #terms = { least: 0, step: 0 };
  #offered = "";
  /** @type {{key: string, amount: number} | null} */
  #bid = null;

  /**
   * @param {HTMLFormElement} form
   * @param {HTMLDialogElement} dialog
   * @param {Line} line
   */
  constructor(form, dialog, line) {
    this.form = form;
    this.dialog = dialog;
    this.line = line;
    this.input = /** @type {HTMLInputElement} */ (form.elements.namedItem("amount"));
    this.again = /** @type {HTMLInputElement} */ (dialog.querySelector("[name='again']"));
    this.#offered = this.input.value;
    form.addEventListener("submit", (event) => this.#ask(event));
    form.addEventListener("click", (event) => this.#raise(event));
    this.input.addEventListener("input", () => this.#echo());
    part(form, "steps")?.removeAttribute("hidden");
    part(dialog, "confirm")?.addEventListener("click", (event) => this.#confirm(event));
    part(form, "retry")?.addEventListener("click", () => this.#send());
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

  /** @param {number} amount */
  #offer(amount) {
    this.#offered = plain(amount);
    this.input.value = this.#offered;
    this.#echo();
  }

  /** @param {Event} event */
  #raise(event) {
    const button = /** @type {Element} */ (event.target).closest("[data-steps]");
    if (!button) return;
    this.input.value = plain(this.#terms.least + Number(button.getAttribute("data-steps")) * this.#terms.step);
    this.#echo();
  }

  #echo() {
    const amount = parse(this.input.value);
    fill(this.form, { capitals: amount === null ? "" : capitals(amount) });
    this.#fault("");
  }

  /** @param {Event} event */
  #ask(event) {
    event.preventDefault();
    const amount = parse(this.input.value);
    if (amount === null) return this.#fault("not_a_price");
    if (amount < this.#terms.least) return this.#fault("too_low");
    this.#bid = { key: crypto.randomUUID(), amount };
    this.again.value = "";
    fill(this.dialog, { amount: price(amount), capitals: capitals(amount), least: price(this.#terms.least) });
    reveal(this.dialog, new Set(isOutlier(amount, this.#terms) ? ["outlier"] : []), "data-bid");
    this.dialog.showModal();
  }

  /** @param {Event} event */
  #confirm(event) {
    event.preventDefault();
    const bid = this.#bid;
    if (!bid) return;
    const same = !isOutlier(bid.amount, this.#terms) || parse(this.again.value) === bid.amount;
    if (!same) {
      reveal(this.dialog, new Set(["outlier", "differs"]), "data-bid");
      this.again.focus();
      return;
    }
    this.dialog.close();
    this.#send();
  }

  async #send() {
    const bid = this.#bid;
    if (!bid) return;
    this.#become("pending");
    fill(this.form, { sent: price(bid.amount) });
    const answer = await this.line.bid(bid);
    if (bid !== this.#bid) return;
    this.#become(outcome(answer));
    if (answer?.type === "refused") this.#fault(answer["ground"]);
    if (answer?.type === "accepted") this.#offered = this.input.value;
  }

  /** @param {string} state pending, accepted, refused, unsure, or nothing */
  #become(state) {
    this.form.setAttribute("aria-busy", String(state === "pending"));
    for (const button of this.form.querySelectorAll("button")) button.disabled = state === "pending";
    ground(this.form, "");
    reveal(this.form, new Set([state]), "data-bid");
  }

  /** @param {string} code of the ground; none clears */
  #fault(code) {
    if (code) this.#become("refused");
    ground(this.form, code);
    this.input.setAttribute("aria-invalid", String(code !== ""));
    if (code) this.input.focus();
  }
}

/**
 * @param {Answer | null} answer
 * @returns {"accepted" | "refused" | "unsure"} an undecided bid may be sent again with its key
 */
function outcome(answer) {
  if (answer === null) return "unsure";
  return answer.type;
}
