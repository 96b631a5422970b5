/** Shows the receipt of the last bid beside it, and the list of all kept ones. */

import { promised, standing } from "./in-log.js";
import { price } from "./money.js";
import { fill, part, reveal, row } from "./page.js";
import { before, short, split } from "./receipts.js";
import { instant } from "./when.js";

/** @typedef {import("./receipts.js").Receipt} Receipt */

const ALARMING = new Set(["missing", "wrong"]);

/**
 * Show when the bid arrived, its place in the record, and the way to its signed receipt.
 * @param {ParentNode} root
 * @param {Receipt} receipt
 */
export function showReceipt(root, receipt) {
  const margin = before(receipt);
  const { days, hours, minutes, seconds } = split(margin ?? 0);
  fill(root, {
    days: String(days),
    hours: String(hours),
    minutes: String(minutes),
    seconds,
    place: String(receipt.seq ?? ""),
    hash: short(receipt.hash),
    ...logged(receipt),
  });
  const flags = new Set([margin === null ? "" : margin >= 0 ? "early" : "late", standing(receipt)]);
  for (const [name, is] of Object.entries({ days, hours, minutes })) if (is) flags.add(name);
  if (receipt.seq !== null) flags.add("placed");
  reveal(root, flags, "data-receipt");
  offer(part(root, "receipt"), receipt.text, `receipt-${receipt.key.slice(0, 8)}.txt`);
}

/**
 * List the receipts; a refusal's reason is the sentence the page holds for its ground.
 * @param {HTMLElement} root
 * @param {Receipt[]} receipts newest first
 * @param {ParentNode} sentences
 */
export function listReceipts(root, receipts, sentences) {
  const template = part(root, "receipt-row");
  const body = part(root, "receipt-rows");
  if (!(template instanceof HTMLTemplateElement) || !body) return;
  root.toggleAttribute("hidden", receipts.length === 0);
  if (receipts.some((one) => ALARMING.has(standing(one)))) root.setAttribute("open", "");
  fill(root, { receipts: String(receipts.length) });
  for (const link of body.querySelectorAll("a[download]")) URL.revokeObjectURL(link.getAttribute("href") ?? "");
  const page = root.dataset["page"] ?? "";
  body.replaceChildren(...receipts.map((one) => listed(template, one, sentences, page)));
}

/**
 * @param {HTMLTemplateElement} template
 * @param {Receipt} receipt
 * @param {ParentNode} sentences
 * @param {string} page of the leaf 0 with the hash 0
 */
function listed(template, receipt, sentences, page) {
  const said = sentences.querySelector(`[data-ground="${CSS.escape(receipt.ground)}"]`)?.textContent ?? "";
  const copy = row(template, {
    amount: price(receipt.amount),
    at: receipt.arrived_at === null ? "" : instant(receipt.arrived_at),
    place: String(receipt.seq ?? ""),
    hash: short(receipt.hash),
    why: said.replace(/\s+/g, " ").trim(),
    ...logged(receipt),
  });
  reveal(copy, new Set([receipt.type, standing(receipt)]), "data-receipt");
  const name = `receipt-${receipt.key.slice(0, 8)}`;
  offer(part(copy, "receipt"), receipt.text, `${name}.txt`);
  offer(part(copy, "proof"), receipt.found?.proof ?? "", `${name}.tlog-proof`);
  offerMail(part(copy, "mail"), receipt.text);
  offerPage(part(copy, "page"), receipt, page);
  return copy;
}

/**
 * Return what is told of a receipt's place in the public log.
 * @param {Receipt} receipt
 */
function logged(receipt) {
  const { place = "", size = "" } = receipt.found ?? {};
  const within = Math.ceil((promised(receipt) ?? 0) / 1000);
  return { "log-place": String(place), "log-size": String(size), promised: String(within) };
}

/**
 * Let a text be saved as a file; hidden if there is none.
 * @param {HTMLElement | null} link
 * @param {string} text
 * @param {string} name
 */
function offer(link, text, name) {
  if (!(link instanceof HTMLAnchorElement)) return;
  link.toggleAttribute("hidden", !text);
  if (!text) return;
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  link.download = name;
}

/**
 * Put a text into a letter, whose subject the link has; hidden if there is none.
 * @param {HTMLElement | null} link
 * @param {string} text
 */
function offerMail(link, text) {
  if (!(link instanceof HTMLAnchorElement)) return;
  link.toggleAttribute("hidden", !text);
  link.href += `&body=${encodeURIComponent(text.replaceAll("\n", "\r\n"))}`; // RFC 6068, 5
}

/**
 * Lead to what the platform says it keeps of an accepted bid.
 * @param {HTMLElement | null} link
 * @param {Receipt} receipt
 * @param {string} page
 */
function offerPage(link, { seq, hash }, page) {
  if (!(link instanceof HTMLAnchorElement) || seq === null) return;
  link.hidden = false;
  link.href = page.replace(/0\/0\/$/, `${seq}/${hash}/`);
}
