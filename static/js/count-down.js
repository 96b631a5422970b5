/** `<count-down to="…" now="…">`: what is left until an instant, by the platform's clock. */

import { remaining } from "./live/remaining.js";
import { clock, platformNow } from "./live/server-clock.js";

const TICK_MS = 250;

class CountDown extends HTMLElement {
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;
  #shown = "";

  connectedCallback() {
    const now = this.getAttribute("now");
    if (now) clock.takeRendered(Date.parse(now), answeredAt());
    for (const part of this.querySelectorAll("[data-part='left']")) part.removeAttribute("hidden");
    for (const part of this.querySelectorAll("[data-part='instant']")) part.setAttribute("hidden", "");
    this.#timer = setInterval(() => this.show(), TICK_MS);
    this.show();
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
  }

  /** Write what is left, only where it changed. */
  show() {
    const left = remaining(Date.parse(this.getAttribute("to") ?? "") - platformNow());
    const text = JSON.stringify(left);
    if (text === this.#shown) return;
    this.#shown = text;
    this.toggleAttribute("over", left.over);
    this.toggleAttribute("days", left.days > 0);
    for (const field of this.querySelectorAll("[data-field]")) {
      const value = left[/** @type {keyof typeof left} */ (field.getAttribute("data-field"))];
      if (value !== undefined) field.textContent = String(value);
    }
  }
}

customElements.define("count-down", CountDown);

/** @returns {number} when the page's first byte came, by `performance.now()`: about when it was rendered */
function answeredAt() {
  const entry = performance.getEntriesByType("navigation")[0];
  return entry instanceof PerformanceNavigationTiming ? entry.responseStart : 0;
}
