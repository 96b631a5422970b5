/** A bidder's side of one round: his bids on their way, his receipts, and automatic bidding if he wants it. */

import { AutoBox } from "./auto-box.js";
import { BidBox } from "./bid-box.js";
import { Bids } from "./bids.js";
import { part } from "./page.js";
import { listReceipts, showReceipt } from "./receipt-list.js";
import { receipt, Receipts } from "./receipts.js";
import { store } from "./stores.js";

/**
 * @typedef {import("./bids.js").Bid} Bid
 * @typedef {import("./bids.js").Answer} Answer
 * @typedef {import("./bids.js").Stage} Stage
 * @typedef {object} Means
 * @property {(message: object) => boolean} say
 * @property {(bid: Bid) => Promise<Answer | null>} post
 * @property {(places: (Element | null)[]) => void} read aloud
 * @property {(seq: number) => number | undefined} endAt the end in force after a place of the record, in ms
 */

export class Session {
  /**
   * @param {HTMLElement} root
   * @param {string} name the round and the bidder's code
   * @param {Means} means
   */
  constructor(root, name, means) {
    const tab = store(() => sessionStorage);
    this.root = root;
    this.means = means;
    this.receipts = new Receipts(store(() => localStorage), name);
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
    this.#list();
  }

  /**
   * @param {Stage} stage
   * @param {Bid | null} bid
   * @param {Answer | null} answer
   */
  #tell(stage, bid, answer) {
    if (bid && answer) this.#keep(bid, answer);
    this.box.show(stage, bid, answer);
    this.auto.staged(stage);
  }

  /**
   * @param {Bid} bid
   * @param {Answer} answer
   */
  #keep(bid, answer) {
    const one = receipt(bid, answer, this.means.endAt);
    this.receipts.add(one);
    showReceipt(this.form, one);
    this.#list();
  }

  #list() {
    const list = part(this.root, "receipts");
    if (list) listReceipts(list, this.receipts.all(), this.form);
  }
}
