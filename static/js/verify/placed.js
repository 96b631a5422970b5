/** A receipt and the proof of its leaf (the end of section 5 of the text): where in the log a confirmed bid is. */

import { joined, same, utf8 } from "./bytes.js";
import { NoEd25519, needEd25519 } from "./ed25519.js";
import { readHashes, readProof, signed } from "./log.js";
import { readCheckpoint } from "./note.js";
import { readPolicy } from "./policy.js";
import { Findings } from "./findings.js";
import { readLines } from "./lines.js";
import { isGenuine, isOf, readKeys, readReceipt, readSeen } from "./receipts.js";
import { isConsistent, leafHash, rootOf } from "./tree.js";

const NEWLINE = 0x0a;

/**
 * @typedef {import("./bytes.js").Bytes} Bytes
 * @typedef {import("./log.js").Proof} Proof
 * @typedef {import("./note.js").Checkpoint} Checkpoint
 * @typedef {import("./receipts.js").Receipt} Receipt
 * @typedef {object} Given
 * @property {Bytes} receipt
 * @property {Bytes} proof
 * @property {Bytes} policy
 * @property {Bytes} keys `/receipt-key.json`
 * @property {(old: number, size: number) => Promise<Bytes | null>} growth
 * @typedef {{ state: "proven" | "unable", place: number, size: number } | { state: "wrong" }} Placed
 */

/**
 * Return where the proof puts the receipt's bid; wrong if anything of it does not hold.
 * @param {Given} given
 * @returns {Promise<Placed>}
 */
export async function placed(given) {
  const receipt = readReceipt(given.receipt);
  const proof = readProof(given.proof, new Map());
  const checkpoint = proof && readCheckpoint(utf8(proof.note));
  if (!receipt || !checkpoint || !leads(receipt, proof, checkpoint)) return { state: "wrong" };
  if (!(await continues(receipt, proof, checkpoint, given))) return { state: "wrong" };
  const found = { place: proof.index, size: checkpoint.size };
  try {
    await needEd25519();
  } catch (error) {
    if (!(error instanceof NoEd25519)) throw error;
    return { state: "unable", ...found };
  }
  return (await areSigned(receipt, checkpoint, given)) ? { state: "proven", ...found } : { state: "wrong" };
}

/**
 * @param {Receipt} receipt
 * @param {Proof} proof
 * @param {Checkpoint} checkpoint
 */
function leads({ refused, says }, { index, path, extra: leaf }, { size, root }) {
  if (refused || !leaf || !isTold(leaf, says)) return false;
  const found = rootOf(leafHash(leaf), index, size, path);
  return found !== null && same(found, root);
}

/**
 * Return whether a leaf is the bid that the receipt says it is.
 * @param {Bytes} leaf
 * @param {Map<string, string>} says
 */
function isTold(leaf, says) {
  if (leaf.includes(NEWLINE)) return false;
  const [line] = readLines(joined(leaf, Uint8Array.of(NEWLINE)), new Findings());
  return line !== undefined && String(line.leaf?.get("seq")) === says.get("seq") && isOf(line, says, [line]);
}

/**
 * Return whether the log goes on from the one that the receipt was made under, and has the bid behind it.
 * @param {Receipt} receipt
 * @param {Proof} proof
 * @param {Checkpoint} checkpoint
 * @param {Given} given
 */
async function continues({ says }, { index }, checkpoint, { growth }) {
  const seen = readSeen(says);
  if (!seen || seen.origin !== checkpoint.origin) return true;
  if (index < seen.size) return false;
  return isConsistent(seen, checkpoint, readHashes(await growth(seen.size, checkpoint.size)));
}

/**
 * Return whether the log signed the checkpoint, and the platform the receipt, by a key it had when it gave it.
 * @param {Receipt} receipt
 * @param {Checkpoint} checkpoint
 * @param {Given} given
 */
async function areSigned(receipt, checkpoint, given) {
  const policy = readPolicy(given.policy);
  if (!policy || (await signed(checkpoint, policy)).wrong.length) return false;
  const key = readKeys(given.keys).get(receipt.says.get("key") ?? "");
  return key !== undefined && isGenuine(receipt, key);
}
