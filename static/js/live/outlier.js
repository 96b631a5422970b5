/** More steps above the least amount than a person raises on purpose. */
const STEPS = 20;

/**
 * Return whether an amount looks like a slip of the hand, so that it is typed again. It is never refused for that:
 * any amount above the least is lawful (art. 20).
 * @param {number} amount in fen
 * @param {{least: number, step: number}} round
 */
export function isOutlier(amount, { least, step }) {
  return amount > 2 * least || amount > least + STEPS * step;
}
