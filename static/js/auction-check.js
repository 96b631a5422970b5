/** `<auction-check>`: checks the auction in the browser; once its part of the page has been seen, without the line. */

import { price } from "./live/money.js";
import { fill, part, reveal, row } from "./live/page.js";
import { instant } from "./live/when.js";

/**
 * @typedef {import("./verify/bytes.js").Bytes} Bytes
 * @typedef {import("./verify/findings.js").Finding} Finding
 * @typedef {import("./verify-worker.js").Answer} Answer
 */

const SHOWN = 50;
const RECEIPT = /^judic-bid-(?:receipt|refusal)\//;

class AuctionCheck extends HTMLElement {
  /** @type {Worker | null} */
  #worker = null;
  /** @type {Bytes | null} */
  #kept = null;

  connectedCallback() {
    const seen = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      seen.disconnect();
      this.#start();
    });
    seen.observe(this);
    part(this, "check-tools")?.removeAttribute("hidden");
    part(this, "check")?.addEventListener("click", () => void this.#check([]));
    part(this, "check-files")?.addEventListener("change", (event) => void this.#chosen(event));
  }

  disconnectedCallback() {
    this.#worker?.terminate();
    this.#worker = null;
  }

  /** Load the checker, so that from now on it needs nobody. */
  #start() {
    if (this.#worker) return this.#worker;
    this.#worker = new Worker(this.dataset["worker"] ?? "", { type: "module" });
    this.#worker.addEventListener("message", ({ data }) => (data ? this.#answered(data) : this.setAttribute("ready", "")));
    this.#worker.addEventListener("error", () => this.#tell("failed"));
    return this.#worker;
  }

  /** @param {Event} event */
  async #chosen(event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const files = [];
    for (const file of input.files ?? []) files.push(new Uint8Array(await file.arrayBuffer()));
    input.value = "";
    if (files.length) await this.#check(files);
  }

  /**
   * Check the record among some files, or else the public one.
   * @param {Bytes[]} files
   */
  async #check(files) {
    const receipts = files.filter(isReceipt);
    const record = files.find((file) => !isReceipt(file));
    this.#tell(record ? "checking" : "loading");
    const file = record ?? (await this.#load());
    if (!file) return this.#tell("unreachable");
    this.#tell("checking");
    this.#start().postMessage({ file, receipts, running: "running" in this.dataset });
  }

  /** Return the public record, with its proofs if there are; what was loaded last if the line is cut. */
  async #load() {
    try {
      const zip = await fetched(this.dataset["zip"] ?? "");
      this.#kept = zip ?? (await fetched(this.dataset["record"] ?? "")) ?? this.#kept;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // `fetch` throws it where there is no line
    }
    return this.#kept;
  }

  /** @param {Answer} answer */
  #answered({ verdict, groups, ms }) {
    const { count, ok, violations, summary } = verdict;
    const besides = { unended: ok && summary.ended_t === null, logged: summary.size !== null };
    const flags = Object.entries(besides).filter(([, holds]) => holds).map(([flag]) => flag);
    this.#tell(ok ? "sound" : "broken", "told", ...flags);
    fill(this, {
      "check-count": String(count),
      "check-lines": String(summary.leaves),
      "check-bids": String(summary.bids),
      "check-winner": summary.winner ?? "–",
      "check-price": summary.price === null ? "–" : price(summary.price),
      "check-deadline": summary.deadline === null ? "–" : instant(summary.deadline),
      "check-size": summary.size === null ? "–" : String(summary.size),
      "check-root": summary.root ?? "–",
      "check-witnesses": summary.witnesses.join(", ") || "–",
      "check-ms": String(Math.round(ms)),
    });
    for (const [group, state] of Object.entries(groups)) {
      const place = this.querySelector(`[data-group="${group}"]`);
      if (place) reveal(place, new Set([state]), "data-is");
    }
    this.#list(violations);
  }

  /** @param {Finding[]} violations */
  #list(violations) {
    const template = part(this, "violation");
    const list = part(this, "violations");
    if (!(template instanceof HTMLTemplateElement) || !list) return;
    const rows = violations.slice(0, SHOWN).map(({ rule, line, what }) => {
      const copy = row(template, { rule, line: String(line), what, sentence: this.#sentence(rule) });
      reveal(copy, new Set([line ? "line" : "whole"]), "data-of");
      return copy;
    });
    list.replaceChildren(...rows);
  }

  /** @param {string} rule */
  #sentence(rule) {
    const words = part(this, "sentences");
    const found = words instanceof HTMLTemplateElement ? words.content.querySelector(`[data-rule="${rule}"]`) : null;
    return (found?.textContent ?? "").trim();
  }

  /** @param {...string} flags */
  #tell(...flags) {
    reveal(this, new Set(flags), "data-check");
    this.toggleAttribute("busy", flags.includes("loading") || flags.includes("checking"));
  }
}

/** @param {Bytes} bytes */
function isReceipt(bytes) {
  return RECEIPT.test(String.fromCharCode(...bytes.subarray(0, 20)));
}

/**
 * Return a file of the platform, null if there is none.
 * @param {string} address
 * @returns {Promise<Bytes | null>}
 */
async function fetched(address) {
  const answer = await fetch(address, { cache: "no-store" });
  return answer.ok ? new Uint8Array(await answer.arrayBuffer()) : null;
}

customElements.define("auction-check", AuctionCheck);
