/** The page's side of the checker: brings the public record, and has it checked beside the page. */

import { platformNow } from "../live/server-clock.js";

/**
 * @typedef {import("./bytes.js").Bytes} Bytes
 * @typedef {import("../verify-worker.js").Answer} Answer
 * @typedef {{worker: string, zip: string, record: string}} Addresses
 * @typedef {{resolve: (answer: Answer) => void, reject: (why: unknown) => void}} Asker
 */

export class Checker {
  /** @type {Worker | null} */
  #worker = null;
  /** @type {Bytes | null} */
  #kept = null;
  /** @type {Asker[]} */
  #askers = [];

  /**
   * @param {Addresses} addresses
   * @param {() => void} ready called once all is loaded
   */
  constructor(addresses, ready = () => {}) {
    this.addresses = addresses;
    this.ready = ready;
  }

  /** Load the checker, so that from now on it needs nobody. */
  start() {
    if (this.#worker) return this.#worker;
    const worker = new Worker(this.addresses.worker, { type: "module" });
    worker.addEventListener("message", ({ data }) => (data ? this.#askers.shift()?.resolve(data) : this.ready()));
    worker.addEventListener("error", (why) => {
      for (const asker of this.#askers.splice(0)) asker.reject(why);
    });
    this.#worker = worker;
    return worker;
  }

  stop() {
    this.#worker?.terminate();
    this.#worker = null;
  }

  /** Return the public record, with its proofs if there are; what was loaded last if the line is cut. */
  async load() {
    const { zip, record } = this.addresses;
    try {
      this.#kept = (await fetched(zip)) ?? (await fetched(record)) ?? this.#kept;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // `fetch` throws it where there is no line
    }
    return this.#kept;
  }

  /**
   * Return what a file is found to be; the worker answers in the order it is asked.
   * @param {Bytes} file
   * @param {Bytes[]} receipts
   * @param {boolean} running whether the round may be without an end
   * @returns {Promise<Answer>} rejected if the checker could not be loaded
   */
  ask(file, receipts, running) {
    this.start().postMessage({ file, receipts, running, now: platformNow() });
    return new Promise((resolve, reject) => this.#askers.push({ resolve, reject }));
  }
}

/**
 * Return the addresses an element carries.
 * @param {DOMStringMap} dataset
 * @returns {Addresses}
 */
export function addresses({ worker = "", zip = "", record = "" }) {
  return { worker, zip, record };
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
