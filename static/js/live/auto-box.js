/** The controls of automatic bidding: a ceiling, its echo, the question, the sign that it is on, and why it stopped. */

import { delay, next } from "./auto.js";
import { capitals, parse, price } from "./money.js";
import { fill, part, reveal } from "./page.js";

/**
 * @typedef {import("./auto.js").Facts} Facts
 * @typedef {import("./auto.js").Why} Why
 * @typedef {Omit<Facts, "ceiling" | "stage" | "slept">} Seen
 */

export class AutoBox {
  /** @type {number | null} in fen; nowhere else is it kept */
  #ceiling = null;
  #least = 0;
  /** @type {number | null} when to bid, by `performance.now()` */
  #due = null;
  #stage = "";
  #slept = false;

  /**
   * @param {HTMLElement} root
   * @param {HTMLDialogElement} dialog
   * @param {{bid: (amount: number) => void, say: (places: (Element | null)[]) => void,
   *   store: Pick<Storage, "getItem" | "setItem" | "removeItem">, name: string}} means
   */
  constructor(root, dialog, means) {
    this.root = root;
    this.dialog = dialog;
    this.means = means;
    this.name = `auto:${means.name}`;
    this.input = /** @type {HTMLInputElement} */ (root.querySelector("input"));
    this.input.addEventListener("input", () => this.#echo());
    this.input.addEventListener("keydown", (event) => event.key === "Enter" && this.#ask(event));
    part(root, "auto-ask")?.addEventListener("click", (event) => this.#ask(event));
    part(root, "auto-stop")?.addEventListener("click", () => this.#stop("off"));
    part(dialog, "auto-confirm")?.addEventListener("click", (event) => this.#start(event));
    // A reload ends it, as the ceiling is gone; that it was on is all the tab remembers.
    const was = means.store.getItem(this.name);
    means.store.removeItem(this.name);
    this.#show(was ? ["off", "stopped", "why-reload"] : ["off"]);
  }

  get on() {
    return this.#ceiling !== null;
  }

  /** The device slept, or its clock was set: what seemed so may be long past. */
  slept() {
    this.#slept = true;
  }

  /** @param {string} stage of the bidder's last bid */
  staged(stage) {
    this.#stage = stage;
  }

  /** @param {Seen} seen */
  tick(seen) {
    this.#least = seen.least;
    this.root.removeAttribute("hidden"); // no ceiling can be asked about before the least bid is known
    if (this.#ceiling === null) return;
    const step = next({ ...seen, ceiling: this.#ceiling, stage: this.#stage, slept: this.#slept });
    if (step.act === "stop") this.#stop(step.why);
    else if (step.act === "bid") this.#bid(step.amount, seen.left);
    else this.#rest(seen.leading);
  }

  /**
   * @param {number} amount
   * @param {number} left
   */
  #bid(amount, left) {
    const now = performance.now();
    this.#due ??= now + delay(left, Math.random());
    fill(this.root, { next: price(amount) });
    this.#show(["on", "about"]);
    if (now < this.#due) return;
    this.#due = null;
    this.means.bid(amount);
  }

  /** @param {boolean} leading */
  #rest(leading) {
    this.#due = null;
    this.#show(["on", leading ? "leading" : "watching"]);
  }

  #echo() {
    const amount = parse(this.input.value);
    fill(this.root, { "ceiling-capitals": amount === null ? "" : capitals(amount) });
    this.#fault("");
  }

  /** @param {Event} event */
  #ask(event) {
    event.preventDefault();
    const amount = parse(this.input.value);
    if (amount === null) return this.#fault("not-a-price");
    if (amount < this.#least) return this.#fault("below");
    fill(this.dialog, { ceiling: price(amount), capitals: capitals(amount) });
    this.dialog.showModal();
  }

  /** @param {Event} event */
  #start(event) {
    event.preventDefault();
    this.dialog.close();
    this.root.querySelector("details")?.removeAttribute("open");
    const amount = parse(this.input.value);
    if (amount === null) return;
    [this.#ceiling, this.#due, this.#stage, this.#slept] = [amount, null, "", false];
    this.means.store.setItem(this.name, "on");
    fill(this.root, { ceiling: price(amount), "ceiling-capitals": capitals(amount) });
    this.#show(["on", "watching"]);
    this.means.say([part(this.root, "auto-title")]);
    part(this.root, "auto-stop")?.focus();
  }

  /** @param {Why} why */
  #stop(why) {
    const asked = document.activeElement === part(this.root, "auto-stop");
    this.#ceiling = null;
    this.#due = null;
    this.means.store.removeItem(this.name);
    this.input.value = "";
    fill(this.root, { ceiling: "", "ceiling-capitals": "" });
    this.#show(["off", "stopped", `why-${why}`]);
    this.means.say([part(this.root, "auto-why")]);
    if (asked) this.root.querySelector("summary")?.focus();
  }

  /** @param {string} code */
  #fault(code) {
    this.input.setAttribute("aria-invalid", String(code !== ""));
    this.#show(["off", code]);
    if (code) this.input.focus();
  }

  /** @param {string[]} flags */
  #show(flags) {
    reveal(this.root, new Set(flags), "data-auto");
  }
}
