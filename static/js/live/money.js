/** Amounts in whole fen: the twin of auction/rules/money.py, held to it by tests/js/money.json. */

const LARGEST_FEN = Number.MAX_SAFE_INTEGER;
const WRITTEN = /^(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,2}))?$/;
const DIGITS = "零壹贰叁肆伍陆柒捌玖";
const PLACES = ["", "拾", "佰", "仟"];
const GROUPS = ["", "万", "亿", "万亿"];

/**
 * Return the fen of what a person wrote in yuan, or null if it is not an amount.
 * @param {string} text
 * @returns {number | null}
 */
export function parse(text) {
  const match = WRITTEN.exec(text.trim().replace(/^[¥￥]/, "").trim());
  if (!match?.[1]) return null;
  const fen = BigInt(match[1].replaceAll(",", "")) * 100n + BigInt((match[2] ?? "").padEnd(2, "0"));
  return fen > BigInt(LARGEST_FEN) ? null : Number(fen);
}

/**
 * Return ¥1,234 or ¥1,234.50.
 * @param {number} fen
 */
export function price(fen) {
  return `¥${plain(fen)}`;
}

/**
 * Return 1,234 or 1,234.50, as a person would write it.
 * @param {number} fen
 */
export function plain(fen) {
  const [yuan, rest] = split(fen);
  const grouped = String(yuan).replace(/\B(?=(\d{3})+$)/g, ",");
  return rest ? `${grouped}.${String(rest).padStart(2, "0")}` : grouped;
}

/**
 * Return the amount in Chinese capital numerals.
 * @param {number} fen
 */
export function capitals(fen) {
  const [yuan, rest] = split(fen);
  const jiao = Math.floor(rest / 10);
  const whole = yuan || !rest ? `${written(yuan)}元` : "";
  if (!rest) return `${whole}整`;
  const gap = whole && !jiao ? "零" : "";
  const tenths = jiao ? `${DIGITS[jiao]}角` : "";
  return whole + gap + tenths + (rest % 10 ? `${DIGITS[rest % 10]}分` : "整");
}

/**
 * @param {number} fen
 * @returns {[yuan: number, fen: number]}
 */
function split(fen) {
  return [Math.floor(fen / 100), fen % 100];
}

/** @param {number} yuan */
function written(yuan) {
  if (yuan === 0) return DIGITS[0] ?? "";
  const groups = [];
  for (let left = yuan; left; left = Math.floor(left / 10_000)) groups.push(left % 10_000);
  let text = "";
  for (let index = groups.length - 1; index >= 0; index--) {
    const group = groups[index] ?? 0;
    text += inGroup(group, text !== "") + (group ? GROUPS[index] : "");
  }
  return text.replace(/零+/g, "零").replace(/零$/, "");
}

/**
 * @param {number} group up to four digits
 * @param {boolean} afterMore whether something stands before it
 */
function inGroup(group, afterMore) {
  if (group === 0) return "零";
  let text = afterMore && group < 1000 ? "零" : "";
  for (const place of [3, 2, 1, 0]) {
    const digit = Math.floor(group / 10 ** place) % 10;
    if (digit) text += `${DIGITS[digit]}${PLACES[place]}`;
    else if (text && !text.endsWith("零")) text += "零";
  }
  return text.replace(/零$/, "");
}
