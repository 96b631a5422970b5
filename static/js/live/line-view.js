/** Shows how the line is, and how well the platform's clock is known: `data-line` places, never read aloud by themselves. */

import { fill, reveal } from "./page.js";
import { clock, misled } from "./server-clock.js";
import { instant } from "./when.js";

const SILENT_MS = { online: 12_000, other: 2_000 };

/**
 * @param {HTMLElement} root
 * @param {import("./line.js").Status} status
 */
export function showLine(root, status) {
  const now = performance.now();
  const error = clock.error(now);
  const silence = now - status.heardAt;
  const ahead = clock.ahead;
  fill(root, {
    retry: String(Math.max(1, Math.ceil((status.retryAt - now) / 1000))),
    silence: String(Math.floor(silence / 1000)),
    now: instant(clock.now(now)).slice(-8),
    error: Number.isFinite(error) ? String(Math.ceil(error)) : "",
    off: (Math.abs(ahead ?? 0) / 1000).toFixed(1),
  });
  const flags = new Set([status.state, Number.isFinite(error) ? "sure" : "unsure"]);
  if (silence > SILENT_MS[status.state === "online" ? "online" : "other"]) flags.add("silent");
  if (status.lost) flags.add("lost");
  else if (status.state === "connecting") flags.add("first");
  if (status.signedOut) flags.add("signed-out");
  const off = misled(ahead, error);
  if (off) flags.add(off);
  reveal(root, flags, "data-line");
}
