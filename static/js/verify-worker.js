/** Checks what a page hands over, beside it: a long record holds up nobody's countdown. */

import { standing } from "./verify/groups.js";
import { check } from "./verify/verify.js";
import { isZip } from "./verify/zip.js";

/**
 * @typedef {import("./verify/bytes.js").Bytes} Bytes
 * @typedef {{ file: Bytes, receipts: Bytes[], running: boolean }} Asked
 * @typedef {{ verdict: import("./verify/verify.js").Verdict, groups: Record<string, string>, ms: number }} Answer
 */

/** @param {MessageEvent<Asked>} event */
async function answer({ data: { file, receipts, running } }) {
  const started = performance.now();
  const verdict = await check(file, { receipts, running });
  const groups = standing(verdict, { zip: isZip(file), receipts: receipts.length });
  postMessage({ verdict, groups, ms: performance.now() - started });
}

addEventListener("message", (event) => void answer(event));
postMessage(null); // all is loaded: from here on no connection is needed
