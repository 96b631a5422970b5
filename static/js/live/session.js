/** A bidder's side of one round: his bids on their way, his receipts, and automatic bidding if he wants it. */

import { AutoBox } from "./auto-box.js";
import { BidBox } from "./bid-box.js";
import { Bids } from "./bids.js";
import { InLog } from "./in-log.js";
import { part } from "./page.js";
import { PublicLog } from "./public-log.js";
import { listReceipts, showReceipt } from "./receipt-list.js";
import { receipt, Receipts } from "./receipts.js";
import { Shelf } from "./shelf.js";
import { store } from "./stores.js";

/**
 * @typedef {import("./bids.js").Bid} Bid
 * @typedef {import("./bids.js").Answer} Answer
 * @typedef {import("./bids.js").Stage} Stage
 * @typedef {import("./receipts.js").Receipt} Receipt
 * @typedef {object} Means
 * @property {(message: object) => boolean} say
 * @property {(bid: Bid) => Promise<Answer | null>} post
 * @property {(places: (Element | null)[]) => void} read aloud
 * @property {(seq: number) => number | undefined} endAt the end in force after a place of the record, in ms
 */

export class Session {
  /** @type {Receipt | null} of the bid that was answered last */
  #last = null;

  /**
   * @param {HTMLElement} root
   * @param {string} name the round and the bidder's code
   * @param {Means} means
   */
  constructor(root, name, means) {
    const tab = store(() => sessionStorage);
    this.root = root;
    this.means = means;
    this.receipts = new Receipts(new Shelf(), name, store(() => localStorage));
    this.inLog = new InLog({ ...this.#logMeans(), now: () => Date.now(), later: (act, ms) => setTimeout(act, ms) });
    this.bids = new Bids(name, {
      ...means,
      store: tab,
      now: () => Date.now(),
      wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      tell: (stage, bid, answer) => this.#tell(stage, bid, answer),
    });
    const dialog = (/** @type {string} */ is) => /** @type {HTMLDialogElement} */ (part(root, is));
    this.form = /** @type {HTMLFormElement} */ (part(root, "bid"));
    this.box = new BidBox(this.form, dialog("dialog"), this.bids, Number(root.dataset["step"]));
    this.auto = new AutoBox(/** @type {HTMLElement} */ (part(root, "auto")), dialog("auto-dialog"), {
      bid: (amount) => void this.bids.send(amount),
      say: means.read,
      store: tab,
      name,
    });
    void this.#list();
    this.inLog.begin();
  }

  #logMeans() {
    const { proof = "", growth = "", policy = "", key = "", checkpoint = "" } = part(this.root, "receipts")?.dataset ?? {};
    const log = new PublicLog({ proof, growth, policy, key, checkpoint });
    return {
      all: () => this.receipts.all(),
      ask: (/** @type {Receipt} */ one, /** @type {boolean} */ late) => log.ask(one, late),
      tell: (/** @type {Receipt} */ one, /** @type {import("./in-log.js").Found} */ found) => this.#found(one, found),
    };
  }

  /**
   * @param {Stage} stage
   * @param {Bid | null} bid
   * @param {Answer | null} answer
   */
  #tell(stage, bid, answer) {
    if (bid && answer) void this.#keep(bid, answer);
    this.box.show(stage, bid, answer);
    this.auto.staged(stage);
  }

  /**
   * @param {Bid} bid
   * @param {Answer} answer
   */
  async #keep(bid, answer) {
    this.#last = receipt(bid, answer, this.means.endAt);
    showReceipt(this.form, this.#last);
    await this.receipts.add(this.#last);
    await this.#list();
    this.inLog.begin();
  }

  /**
   * @param {Receipt} one
   * @param {import("./in-log.js").Found} found
   */
  async #found(one, found) {
    await this.receipts.found(one, found);
    if (this.#last?.key === one.key) showReceipt(this.form, { ...one, found });
    await this.#list();
  }

  async #list() {
    const all = await this.receipts.all();
    const list = part(this.root, "receipts");
    if (list) listReceipts(list, all, this.form);
  }
}
