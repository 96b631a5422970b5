/** The same round by plain HTTPS, for when the socket is down. */

const GIVE_UP_MS = 8_000;

/**
 * @typedef {import("./line.js").Frame} Frame
 * @typedef {import("./bids.js").Answer} Answer
 * @typedef {import("./bids.js").Bid} Bid
 */

export class Http {
  /** @param {{bid: string, state: string, token: string}} addresses */
  constructor(addresses) {
    this.addresses = addresses;
  }

  /** @returns {Promise<Frame | null>} what stands; null if it cannot be had */
  async state() {
    return fetch(this.addresses.state, { headers: { Accept: "application/json" } }).then(
      (response) => (response.ok ? response.json() : null),
      () => null,
    );
  }

  /**
   * Send a bid, or send it again: the same key twice is one bid.
   * @param {Bid} bid
   * @returns {Promise<Answer | null>} null if nobody knows what became of it
   */
  async post({ key, amount }) {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": this.addresses.token };
    const body = JSON.stringify({ key, amount });
    try {
      const signal = AbortSignal.timeout(GIVE_UP_MS);
      const response = await fetch(this.addresses.bid, { method: "POST", headers, body, signal });
      return response.headers.get("Content-Type")?.includes("json") ? await response.json() : null;
    } catch {
      return null;
    }
  }
}
