/** `<live-round>`: listens to one round, folds what it hears, and shows it. */

import { Ear } from "./live/ear.js";
import { Http } from "./live/http.js";
import { Line } from "./live/line.js";
import { showLine } from "./live/line-view.js";
import { price } from "./live/money.js";
import { fill, part, reveal, row, words } from "./live/page.js";
import { passed } from "./live/remaining.js";
import { after, standing } from "./live/round.js";
import { disturbed, look, platformNow } from "./live/server-clock.js";
import { Session } from "./live/session.js";
import { instant } from "./live/when.js";

const TICK_MS = 500;
const POLL_MS = 3000;
const FOLDED = new Set(["event", "leap"]);
const RUNNING = new Set(["announced", "open", "suspended"]);

/** @typedef {import("./live/round.js").Round} Round */

class LiveRound extends HTMLElement {
  /** @type {Round | null} */
  #round = null;
  #left = NaN;
  /** @type {Map<number, number>} the end in force after each entry that was heard */
  #ends = new Map();
  #look = look();
  /** @type {{offline: number | null, hidden: number | null}} since when, by `performance.now()` */
  #since = { offline: 0, hidden: null };
  /** @type {ReturnType<typeof setInterval>[]} */
  #timers = [];
  /** @type {Session | null} */
  #session = null;
  #ear = new Ear(null);
  #http = new Http({ bid: "", state: "", token: "" });
  #line = new Line("", { heard: () => {}, status: () => {} }, false);

  connectedCallback() {
    const { code = "", round = "" } = this.dataset;
    this.#ear = new Ear(part(this, "ear"));
    this.#http = new Http(this.#addresses());
    const ears = { heard: this.#hear, status: this.#turn };
    this.#line = new Line(this.#socket(), ears, code !== "");
    if (part(this, "bid")) this.#session = new Session(this, `${round}:${code}`, this.#means());
    this.#timers = [setInterval(() => this.#tick(), TICK_MS), setInterval(() => this.#poll(), POLL_MS)];
    document.addEventListener("visibilitychange", this.#wake);
    this.#line.open();
    void this.#session?.bids.resume();
  }

  disconnectedCallback() {
    this.#timers.forEach(clearInterval);
    document.removeEventListener("visibilitychange", this.#wake);
    this.#line.close();
  }

  #socket() {
    const url = new URL(this.dataset["socket"] ?? "", location.href);
    url.protocol = url.protocol.replace("http", "ws");
    return url.href;
  }

  #addresses() {
    const { bid = "", state = "" } = this.dataset;
    const token = this.querySelector("[name='csrfmiddlewaretoken']")?.getAttribute("value") ?? "";
    return { bid, state, token };
  }

  /** @returns {import("./live/session.js").Means} */
  #means() {
    return {
      say: (message) => this.#line.say(message),
      post: (bid) => this.#http.post(bid),
      read: (places) => this.#ear.say(places),
      endAt: (seq) => this.#ends.get(seq),
    };
  }

  #wake = () => {
    const visible = document.visibilityState === "visible";
    this.#since.hidden = visible ? null : performance.now();
    if (visible) this.#line.measure();
  };

  /** @param {import("./live/line.js").Frame} frame */
  #hear = (frame) => {
    if (frame.type === "accepted" || frame.type === "refused") this.#session?.bids.answered(/** @type {any} */ (frame));
    else if (frame.type === "snapshot") this.#become(standing(/** @type {any} */ (frame), Number(this.dataset["step"])));
    else if (FOLDED.has(frame.type) && this.#round) this.#become(after(this.#round, /** @type {any} */ (frame)));
    if (frame.type === "event") void this.#session?.bids.recorded(frame);
    if (frame["reason"]) fill(this, { reason: words(this, frame["reason"]) });
    if (frame.type === "resync") void this.#refresh();
  };

  /** @param {Round} round */
  #become(round) {
    const before = this.#round;
    if (round === before || (before && round.seq < before.seq)) return;
    this.#round = round;
    if (round.gap && !before?.gap) this.#line.say({ type: "after", seq: round.seq });
    this.#show(round);
    if (before && RUNNING.has(before.state) && !RUNNING.has(round.state)) this.dispatchEvent(new Event("roundover", { bubbles: true }));
    if (before && round.price !== before.price) this.#ear.say([part(this, "says")]);
    if (before && round.closes_at > before.closes_at) this.#ear.say([part(this, "says"), part(this, "says-extended")]);
    if (round.you?.rank != null && round.price !== before?.price) void this.#refresh();
  }

  /** Read what stands over HTTP: after a gap too wide, or for what only the server can judge. */
  async #refresh() {
    const frame = await this.#http.state();
    const [now, seq] = [this.#round, frame?.["seq"]];
    if (!frame || (now && seq < now.seq)) return;
    this.#round = standing(/** @type {any} */ (frame), Number(this.dataset["step"]));
    this.#show(this.#round);
  }

  /** @param {Round} round */
  #show(round) {
    this.#ends.set(round.seq, round.closes_at);
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
    this.#session?.box.update({ least: round.you?.least ?? round.least, step: round.step });
  }

  /** @param {Round} round */
  #flags(round) {
    const flags = new Set([round.state, round.bids ? "bids" : "no-bids"]);
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
    const now = look();
    if (disturbed(this.#look, now)) this.#disturbed();
    this.#look = now;
    showLine(this, this.#line.status);
    this.#session?.box.tick();
    if (this.#round) this.#count(this.#round);
  }

  /** @param {Round} round */
  #count(round) {
    const before = this.#left;
    this.#left = round.closes_at - platformNow();
    const mark = round.state === "open" ? passed(before, this.#left) : null;
    if (mark) this.#ear.say([part(this, `says-${mark}`)]);
    if (before > 0 !== this.#left > 0) this.#flags(round);
    this.#session?.auto.tick(this.#seen(round));
  }

  /**
   * @param {Round} round
   * @returns {import("./live/auto-box.js").Seen}
   */
  #seen(round) {
    const { offline, hidden } = this.#since;
    const ms = (/** @type {number | null} */ since) => (since === null ? 0 : performance.now() - since);
    return {
      state: round.state,
      least: round.you?.least ?? round.least,
      leading: round.you?.leading ?? false,
      current: !round.gap && round.you !== null,
      busy: this.#session?.bids.busy ?? false,
      left: this.#left,
      signedOut: this.#line.status.signedOut,
      offlineMs: ms(offline),
      hiddenMs: ms(hidden),
    };
  }

  #disturbed() {
    this.#session?.auto.slept();
    this.#line.measure();
  }

  /** @param {import("./live/line.js").Status} status */
  #turn = (status) => {
    const [was, is] = [this.#since.offline === null, status.state === "online"];
    showLine(this, status);
    if (was === is) return;
    this.#since.offline = is ? null : performance.now();
    if (is) this.#back();
    else this.#lost();
  };

  #back() {
    if (!this.#round) return;
    this.#line.say({ type: "after", seq: this.#round.seq });
    this.#ear.say([part(this, "says-online")]);
    void this.#session?.bids.reconnected();
  }

  #lost() {
    this.#session?.bids.dropped();
    this.#ear.say([part(this, "says-offline")]);
  }

  #poll() {
    const offline = this.#since.offline !== null;
    if (offline && document.visibilityState === "visible") void this.#refresh();
  }
}

customElements.define("live-round", LiveRound);
