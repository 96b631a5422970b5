/** `<auction-replay>`: plays a finished auction from its public record, once that has been found in order. */

import { Ear } from "./live/ear.js";
import { price } from "./live/money.js";
import { fill, part, reveal, row, words } from "./live/page.js";
import { Player } from "./live/player.js";
import { remaining } from "./live/remaining.js";
import { bars, entries, line, moments } from "./live/replay.js";
import { instant } from "./live/when.js";
import { addresses, Checker } from "./verify/checker.js";
import { isZip, Zip } from "./verify/zip.js";

/**
 * @typedef {import("./live/replay.js").Entry} Entry
 * @typedef {import("./live/replay.js").Moment} Moment
 * @typedef {import("./verify/bytes.js").Bytes} Bytes
 */

const LAST_MS = 300_000;
const DRAW_MS = 100; // no eye reads a price for less

class AuctionReplay extends HTMLElement {
  #checker = new Checker(addresses({}));
  #player = new Player([], () => {});
  #ear = new Ear(null);
  #announced = 0;
  /** @type {Moment | undefined} */
  #shown;
  #drawn = -Infinity;

  connectedCallback() {
    this.#checker = new Checker(addresses(this.dataset));
    this.#ear = new Ear(part(this, "replay-ear"));
    document.addEventListener("roundover", this.#over);
    part(this, "tools")?.removeAttribute("hidden");
    part(this, "load")?.addEventListener("click", () => void this.#load());
    part(this, "play")?.addEventListener("click", () => this.#player.toggle());
    part(this, "before")?.addEventListener("click", () => this.#hop(-1));
    part(this, "after")?.addEventListener("click", () => this.#hop(1));
    part(this, "speed")?.addEventListener("change", () => (this.#player.speed = Number(this.#input("speed").value)));
    part(this, "last")?.addEventListener("change", () => this.#draw());
    part(this, "slider")?.addEventListener("input", () => this.#slid());
    part(this, "slider")?.addEventListener("keydown", (event) => this.#pressed(event));
  }

  disconnectedCallback() {
    document.removeEventListener("roundover", this.#over);
    this.#player.pause();
    this.#checker.stop();
  }

  #over = () => this.removeAttribute("hidden");

  /** @param {string} name */
  #input(name) {
    return /** @type {HTMLInputElement} */ (part(this, name));
  }

  #slid() {
    this.#player.seek(this.#player.from + Number(this.#input("slider").value));
  }

  /**
   * Let the arrow keys go from event to event, as a day has too many seconds.
   * @param {KeyboardEvent} event
   */
  #pressed(event) {
    const way = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    if (way) this.#hop(way);
    else if (event.key === " ") this.#player.toggle();
    else return;
    event.preventDefault();
  }

  /** @param {number} way */
  #hop(way) {
    this.#player.pause();
    this.#player.hop(way);
  }

  /** Bring the record, have it checked, and play it if nothing is wrong with it. */
  async #load() {
    this.#tell("loading");
    const file = await this.#checker.load();
    if (!file) return this.#tell("unreachable");
    this.#tell("checking");
    try {
      const { is, verdict } = await this.#checker.ask(file, [], false);
      if (is !== "broken") this.#begin(entries(await recordIn(file)));
      this.#tell(is === "sound" && verdict.summary.size === null ? "waiting" : is);
    } catch {
      this.#tell("failed");
    }
  }

  /** @param {...string} flags */
  #tell(...flags) {
    reveal(this, new Set(flags), "data-check");
  }

  /** @param {Entry[]} leaves */
  #begin(leaves) {
    this.#announced = leaves[0]?.deadline ?? 0;
    this.#player = new Player(moments(leaves), () => this.#show());
    const { from, to } = this.#player;
    const isLong = from < this.#announced - LAST_MS && this.#announced < to;
    part(this, "tools")?.setAttribute("hidden", "");
    part(this, "player")?.removeAttribute("hidden");
    part(this, "last-only")?.toggleAttribute("hidden", !isLong);
    this.#draw();
    this.#player.toggle();
    part(this, "play")?.focus();
  }

  /** Draw the stretch the slider moves over: the price, what moved the end, and when the bidding was stopped. */
  #draw() {
    const player = this.#player;
    player.stretch(this.#input("last").checked ? this.#announced - LAST_MS : null);
    const { moments: all, from, to } = player;
    part(this, "line")?.setAttribute("d", line(all, from, to));
    part(this, "extended")?.setAttribute("d", bars(all, from, to, ({ extended }) => extended, false));
    part(this, "stopped")?.setAttribute("d", bars(all, from, to, ({ round }) => round.state === "suspended", true));
    this.#input("slider").max = String(to - from);
    fill(this, { from: instant(from), to: instant(to) });
    this.#show();
  }

  #show() {
    const { at, from, to, moment, playing } = this.#player;
    if (!moment) return;
    this.#input("slider").value = String(at - from);
    part(this, "head")?.setAttribute("x", String((997 * (at - from)) / (to - from || 1)));
    const left = remaining(moment.round.closes_at - at);
    fill(this, { at: instant(at), days: String(left.days), left: `${left.hours}:${left.minutes}:${left.seconds}` });
    reveal(this, new Set([playing ? "playing" : "paused", left.days ? "days" : ""]), "data-play");
    if (moment !== this.#shown && (!playing || performance.now() - this.#drawn >= DRAW_MS)) this.#stands(moment);
    if (!playing) this.#input("slider").setAttribute("aria-valuetext", spoken(part(this, "says")));
  }

  /** @param {Moment} moment */
  #stands(moment) {
    const { entry, round } = moment;
    this.#shown = moment;
    this.#drawn = performance.now();
    fill(this, {
      price: price(round.price ?? round.least),
      leader: round.leader ?? "–",
      closes: instant(round.closes_at),
      bids: String(round.bids),
      extensions: String(moment.extensions),
      suspensions: String(moment.suspensions),
      seq: String(entry.seq),
      code: entry.code ?? "",
      amount: price(entry.amount ?? round.price ?? 0),
      reason: words(this, entry.reason ?? ""),
    });
    reveal(this, new Set([round.state]), "data-state");
    reveal(this, new Set([happened(moment), moment.extended ? "extended" : ""]), "data-what");
    this.#list(round.recent);
    if (document.activeElement !== part(this, "slider")) this.#ear.say([part(this, "what")]);
  }

  /** @param {import("./live/round.js").Round["recent"]} recent */
  #list(recent) {
    const [template, body] = [part(this, "row"), part(this, "rows")];
    if (!(template instanceof HTMLTemplateElement) || !body) return;
    while (body.children.length < recent.length) body.append(row(template, {}));
    while (body.children.length > recent.length) body.lastElementChild?.remove();
    recent.forEach((bid, place) => {
      const values = { "row-code": bid.code, "row-amount": price(bid.amount), "row-at": instant(bid.at) };
      fill(/** @type {Element} */ (body.children[place]), values);
    });
  }
}

/** @param {Moment} moment */
function happened({ entry, round }) {
  if (entry.kind === "close" || entry.kind === "void") return round.state;
  return entry.about === "opened" ? "opened" : entry.kind;
}

/** @param {HTMLElement | null} place */
function spoken(place) {
  return (place?.textContent ?? "").replace(/\s+/g, " ").trim();
}

/**
 * Return the record in a file that was checked.
 * @param {Bytes} file
 */
async function recordIn(file) {
  const record = isZip(file) ? await new Zip(file).read("record.jsonl") : file;
  return new TextDecoder().decode(record ?? undefined);
}

customElements.define("auction-replay", AuctionReplay);
