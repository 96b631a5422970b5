/** The platform's public log, asked for what a receipt promises. */

/**
 * @typedef {import("./receipts.js").Receipt} Receipt
 * @typedef {import("./in-log.js").Answer} Answer
 * @typedef {import("../verify/bytes.js").Bytes} Bytes
 */

const ABSENT = Symbol("absent");

export class PublicLog {
  /**
   * @param {{ proof: string, growth: string, policy: string, key: string, checkpoint: string }} addresses of the leaf 0, and of the
   *   growth from 0 to 1; other figures go in the place of these
   */
  constructor(addresses) {
    this.addresses = addresses;
  }

  /**
   * Ask for a receipt's place and verify here whatever is said.
   * @param {Receipt} receipt
   * @param {boolean} late
   * @returns {Promise<Answer>}
   */
  async ask({ text, seq }, late) {
    const { proof: leaf, growth, policy, key } = this.addresses;
    try {
      const size = late ? await this.#size() : null; // first: what is absent then is not in a log of this size
      const proof = await got(leaf.replace("/0.", `/${seq}.`));
      if (proof === ABSENT) return { state: "absent", size };
      const { placed } = await import("../verify/placed.js");
      const given = {
        receipt: new TextEncoder().encode(text),
        proof,
        policy: need(await got(policy)),
        keys: need(await got(key)),
        growth: async (/** @type {number} */ old, /** @type {number} */ size) => {
          const steps = await got(growth.replace("0-1", `${old}-${size}`));
          return steps === ABSENT ? null : steps;
        },
      };
      return { ...(await placed(given)), proof: new TextDecoder().decode(proof) };
    } catch (error) {
      if (error instanceof TypeError || error instanceof Unanswered) return null; // `fetch` throws the first
      throw error;
    }
  }

  /** Return how many leaves the newest checkpoint is of; its signature says nothing here, as it accuses nobody. */
  async #size() {
    const newest = await got(this.addresses.checkpoint);
    if (newest === ABSENT) return 0;
    const { readCheckpoint } = await import("../verify/note.js");
    return readCheckpoint(newest)?.size ?? 0;
  }
}

/** The platform said nothing of use. */
class Unanswered extends Error {}

/**
 * Return a public file.
 * @param {string} address
 * @returns {Promise<Bytes | typeof ABSENT>}
 */
async function got(address) {
  const answer = await fetch(address, { cache: "no-store" });
  if (answer.status === 404) return ABSENT;
  if (!answer.ok) throw new Unanswered();
  return new Uint8Array(await answer.arrayBuffer());
}

/** @param {Bytes | typeof ABSENT} bytes */
function need(bytes) {
  if (bytes === ABSENT) throw new Unanswered();
  return bytes;
}
