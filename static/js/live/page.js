/** Putting values where the page says they belong: `data-field` takes text, `data-when` shows by what is so, `data-bid` by what became of a bid. */

/**
 * @param {ParentNode} root
 * @param {string} part
 * @returns {HTMLElement | null}
 */
export function part(root, part) {
  return root.querySelector(`[data-part="${part}"]`);
}

/**
 * Write values into every place that bears their name, only where they changed.
 * @param {ParentNode} root
 * @param {Record<string, string>} values
 */
export function fill(root, values) {
  for (const [name, text] of Object.entries(values)) {
    for (const place of root.querySelectorAll(`[data-field="${name}"]`)) {
      if (place.textContent !== text) place.textContent = text;
    }
  }
}

/**
 * Show what belongs to any of the flags, hide what belongs to none.
 * @param {ParentNode} root
 * @param {ReadonlySet<string>} flags
 * @param {string} attribute names the flags a place belongs to
 */
export function reveal(root, flags, attribute = "data-when") {
  for (const place of root.querySelectorAll(`[${attribute}]`)) {
    const wanted = (place.getAttribute(attribute) ?? "").split(" ");
    place.toggleAttribute("hidden", !wanted.some((flag) => flags.has(flag)));
  }
}

/**
 * Show the sentence of one ground of refusal, hide all others; none for an empty code.
 * @param {ParentNode} root
 * @param {string} code
 */
export function ground(root, code) {
  for (const sentence of root.querySelectorAll("[data-ground]")) {
    sentence.toggleAttribute("hidden", sentence.getAttribute("data-ground") !== code);
  }
}

/**
 * Return a copy of a row's template with its values in place.
 * @param {HTMLTemplateElement} template
 * @param {Record<string, string>} values
 */
export function row(template, values) {
  const copy = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  fill(copy, values);
  return copy;
}

/**
 * Return the page's own words for a reason that is a code, or the reason as it was written.
 * @param {ParentNode} root
 * @param {string} reason
 */
export function words(root, reason) {
  for (const sentence of root.querySelectorAll("[data-cause]")) {
    if (sentence.getAttribute("data-cause") === reason) return (sentence.textContent ?? "").trim();
  }
  return reason;
}
