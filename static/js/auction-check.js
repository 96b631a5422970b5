/** `<auction-check>`: checks the auction in the browser; once its part of the page has been seen, without the line. */

import { price } from "./live/money.js";
import { fill, part, reveal, row } from "./live/page.js";
import { instant } from "./live/when.js";
import { addresses, Checker } from "./verify/checker.js";

/**
 * @typedef {import("./verify/bytes.js").Bytes} Bytes
 * @typedef {import("./verify/findings.js").Finding} Finding
 * @typedef {import("./verify-worker.js").Answer} Answer
 */

const SHOWN = 50;
const AGAIN_MS = 2_000; // doubled each time, as an archive is dear to make
const AGAIN_AT_MOST_MS = 30_000;
const RECEIPT = /^judic-bid-(?:receipt|refusal)\//;

class AuctionCheck extends HTMLElement {
  #checker = new Checker(addresses({}));
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #again;

  connectedCallback() {
    this.#checker = new Checker(addresses(this.dataset), () => this.setAttribute("ready", ""));
    const seen = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      seen.disconnect();
      this.#checker.start().addEventListener("error", () => this.#tell("failed"));
    });
    seen.observe(this);
    document.addEventListener("roundover", this.#over);
    part(this, "check-tools")?.removeAttribute("hidden");
    part(this, "check")?.addEventListener("click", () => void this.#check([]));
    part(this, "check-files")?.addEventListener("change", (event) => void this.#chosen(event));
  }

  disconnectedCallback() {
    clearTimeout(this.#again);
    document.removeEventListener("roundover", this.#over);
    this.#checker.stop();
  }

  #over = () => this.removeAttribute("data-running");

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
    clearTimeout(this.#again);
    const receipts = files.filter(isReceipt);
    const record = files.find((file) => !isReceipt(file));
    this.#tell(record ? "checking" : "loading");
    const file = record ?? (await this.#checker.load());
    if (!file) return this.#tell("unreachable");
    this.#tell("checking");
    await this.#judge(file, receipts, record ? null : AGAIN_MS);
  }

  /**
   * Check a file and show what was found; a public record that is not signed yet is looked at again until it is.
   * @param {Bytes} file
   * @param {Bytes[]} receipts
   * @param {number | null} again after how many ms; null for a file that was chosen
   */
  async #judge(file, receipts, again) {
    try {
      const answer = await this.#checker.ask(file, receipts, "running" in this.dataset);
      this.#show(answer);
      if (again) void this.#vouch();
      if (answer.is === "waiting" && again) this.#judgeAgain(file, receipts, again);
    } catch {
      this.#tell("failed");
    }
  }

  /**
   * @param {Bytes} file
   * @param {Bytes[]} receipts
   * @param {number} after ms
   */
  #judgeAgain(file, receipts, after) {
    const next = Math.min(2 * after, AGAIN_AT_MOST_MS);
    this.#again = setTimeout(async () => this.#judge((await this.#checker.load()) ?? file, receipts, next), after);
  }

  /** Say who vouches for the public record by now; without a connection it stays as it was. */
  async #vouch() {
    const place = document.getElementById("vouching");
    const answer = await fetch(this.dataset["vouching"] ?? "", { cache: "no-store" }).catch(() => null);
    if (!place || !answer?.ok) return;
    place.replaceChildren(...new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes);
  }

  /** @param {Answer} answer */
  #show({ is, verdict, groups, ms }) {
    const { count, ok, violations, summary } = verdict;
    const besides = { unended: ok && summary.ended_t === null, logged: summary.size !== null };
    const flags = Object.entries(besides).filter(([, holds]) => holds).map(([flag]) => flag);
    this.#tell(is, "told", ...flags);
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
    this.#list(is === "waiting" ? [] : violations);
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

customElements.define("auction-check", AuctionCheck);
