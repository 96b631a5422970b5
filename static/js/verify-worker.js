/** Checks what a page hands over, beside it: a long record holds up nobody's countdown. */

import { standing } from "./verify/groups.js";
import { check } from "./verify/verify.js";
import { isWaiting } from "./verify/waiting.js";
import { isZip } from "./verify/zip.js";

/**
 * @typedef {import("./verify/bytes.js").Bytes} Bytes
 * @typedef {{ file: Bytes, receipts: Bytes[], running: boolean, now: number }} Asked
 * @typedef {"sound" | "waiting" | "broken"} Is waiting: nothing is wrong but that the newest is not signed yet
 * @typedef {{ is: Is, verdict: import("./verify/verify.js").Verdict, groups: Record<string, string>, ms: number }} Answer
 */

/** Each is answered before the next is begun, so that answers come in the order of questions. */
let before = Promise.resolve();

/** @param {Asked} asked */
async function answer({ file, receipts, running, now }) {
  const started = performance.now();
  const verdict = await check(file, { receipts, running });
  const waits = isWaiting(verdict, now);
  const groups = standing(verdict, { zip: isZip(file), receipts: receipts.length, waits });
  const is = waits ? "waiting" : verdict.ok ? "sound" : "broken";
  postMessage({ is, verdict, groups, ms: performance.now() - started });
}

addEventListener("message", (/** @type {MessageEvent<Asked>} */ { data }) => {
  before = before.then(() => answer(data)).catch(told);
});

/** Let the page hear of a fault of the checker: of a promise's it would not. @param {unknown} fault */
function told(fault) {
  setTimeout(() => {
    throw fault;
  });
}

postMessage(null); // all is loaded: from here on no connection is needed
