/** `<live-round>`: listens to one round, folds what it hears, and shows it. */

import { BidBox } from "./live/bid-box.js";
import { Ear } from "./live/ear.js";
import { Line } from "./live/line.js";
import { price } from "./live/money.js";
import { fill, part, reveal, row } from "./live/page.js";
import { passed } from "./live/remaining.js";
import { after, standing } from "./live/round.js";
import { platformNow } from "./live/server-clock.js";
import { instant } from "./live/when.js";

const TICK_MS = 500;
const POLL_MS = 3000;
const RUNNING = new Set(["announced", "open", "suspended"]);

/** @typedef {import("./live/round.js").Round} Round */

class LiveRound extends HTMLElement {
  /** @type {Round | null} */
  #round = null;
  #online = true;
  #left = NaN;
  /** @type {ReturnType<typeof setInterval>[]} */
  #timers = [];
  /** @type {Line | null} */
  #line = null;
  /** @type {BidBox | null} */
  #box = null;
  #ear = new Ear(null);

  connectedCallback() {
    this.#ear = new Ear(part(this, "ear"));
    const line = new Line(this.#addresses(), { heard: (frame) => this.#hear(frame), online: (is) => this.#turn(is) });
    this.#line = line;
    const form = part(this, "bid");
    const dialog = part(this, "dialog");
    if (form instanceof HTMLFormElement && dialog instanceof HTMLDialogElement) {
      this.#box = new BidBox(form, dialog, line);
    }
    this.#timers = [setInterval(() => this.#tick(), TICK_MS), setInterval(() => this.#poll(), POLL_MS)];
    document.addEventListener("visibilitychange", this.#wake);
    line.open();
  }

  disconnectedCallback() {
    this.#timers.forEach(clearInterval);
    document.removeEventListener("visibilitychange", this.#wake);
    this.#line?.close();
  }

  #addresses() {
    const { socket = "", bid = "", state = "" } = this.dataset;
    const url = new URL(socket, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    const token = this.querySelector("[name='csrfmiddlewaretoken']")?.getAttribute("value") ?? "";
    return { socket: url.href, bid, state, token };
  }

  #wake = () => {
    if (document.visibilityState === "visible") this.#line?.askTime();
  };

  /** @param {import("./live/line.js").Frame} frame */
  #hear(frame) {
    if (frame.type === "snapshot") this.#become(standing(/** @type {any} */ (frame), Number(this.dataset["step"])));
    else if (frame.type === "event" && this.#round) this.#become(after(this.#round, /** @type {any} */ (frame)));
    if (frame["reason"]) fill(this, { reason: frame["reason"] });
    if (frame.type === "resync") void this.#refresh();
  }

  /** @param {Round} round */
  #become(round) {
    const before = this.#round;
    if (round === before || (before && round.seq < before.seq)) return;
    this.#round = round;
    if (round.gap && !before?.gap) this.#line?.askAfter(round.seq);
    this.#show(round);
    if (before && round.price !== before.price) this.#ear.say([part(this, "says")]);
    if (before && round.closes_at > before.closes_at) this.#ear.say([part(this, "says"), part(this, "says-extended")]);
    if (round.you?.rank != null && round.price !== before?.price) void this.#refresh();
  }

  /** Read what stands over HTTP: after a gap too wide, or for what only the server can judge. */
  async #refresh() {
    const frame = await this.#line?.state();
    const [now, seq] = [this.#round, frame?.["seq"]];
    if (!frame || (now && seq < now.seq)) return;
    this.#round = standing(/** @type {any} */ (frame), Number(this.dataset["step"]));
    this.#show(this.#round);
  }

  /** @param {Round} round */
  #show(round) {
    fill(this, {
      price: price(round.price ?? round.least),
      leader: round.leader ?? "",
      bids: String(round.bids),
      least: price(round.you?.least ?? round.least),
      closes: instant(round.closes_at),
    });
    this.#flags(round);
    for (const clock of this.querySelectorAll("count-down")) {
      const ends = clock.getAttribute("data-until") === "opens" ? round.opens_at : round.closes_at;
      clock.setAttribute("to", new Date(ends).toISOString());
    }
    this.#list(round);
    this.#box?.update({ least: round.you?.least ?? round.least, step: round.step });
  }

  /** @param {Round} round */
  #flags(round) {
    const flags = new Set([round.state, round.bids ? "bids" : "no-bids", this.#online ? "online" : "offline"]);
    const running = RUNNING.has(round.state);
    if (round.bids) flags.add(running ? "bidding" : "ended");
    if (round.you && running) flags.add(round.you.leading ? "leading" : "behind");
    if (round.closes_at > Number(this.dataset["announced"])) flags.add("extended");
    if (round.state === "open" && this.#left <= 0) flags.add("deciding");
    reveal(this, flags);
  }

  /** @param {Round} round */
  #list(round) {
    const template = part(this, "row");
    const body = part(this, "rows");
    if (!(template instanceof HTMLTemplateElement) || !body) return;
    const newest = Number(body.getAttribute("data-newest"));
    const rows = round.recent.map((bid) => {
      const copy = row(template, { code: bid.code, amount: price(bid.amount), at: instant(bid.at) });
      copy.firstElementChild?.toggleAttribute("data-fresh", bid.seq > newest);
      copy.firstElementChild?.toggleAttribute("data-mine", bid.code === round.you?.code);
      return copy;
    });
    body.setAttribute("data-newest", String(round.recent[0]?.seq ?? 0));
    body.replaceChildren(...rows);
  }

  #tick() {
    const round = this.#round;
    if (!round) return;
    const before = this.#left;
    this.#left = round.closes_at - platformNow();
    const mark = round.state === "open" ? passed(before, this.#left) : null;
    if (mark) this.#ear.say([part(this, `says-${mark}`)]);
    if (before > 0 !== this.#left > 0) this.#flags(round);
  }

  /** @param {boolean} is */
  #turn(is) {
    this.#online = is;
    if (this.#round) this.#flags(this.#round);
  }

  #poll() {
    if (!this.#online && document.visibilityState === "visible") void this.#refresh();
  }
}

customElements.define("live-round", LiveRound);
