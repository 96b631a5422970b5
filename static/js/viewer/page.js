/** The viewer's own part of the page: places to fill, messages to reveal, templates to clone. */
export class Page {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
  }

  /** @param {string} part @returns {HTMLElement | null} */
  part(part) {
    return this.root.querySelector(`[data-part="${part}"]`);
  }

  /** @param {string} kind @returns {HTMLTemplateElement | null} */
  template(kind) {
    return this.root.querySelector(`template[data-template="${kind}"]`);
  }

  /**
   * @param {string} field
   * @param {string} value
   */
  fill(field, value) {
    for (const place of this.root.querySelectorAll(`[data-field="${field}"]`)) place.textContent = value;
  }

  /**
   * @param {string} part
   * @param {boolean} shown
   */
  reveal(part, shown) {
    this.part(part)?.toggleAttribute("hidden", !shown);
  }

  /**
   * Reveal one of the messages, or none.
   * @param {string} message
   */
  say(message) {
    for (const each of this.root.querySelectorAll("[data-message]")) {
      each.toggleAttribute("hidden", each.getAttribute("data-message") !== message);
    }
  }

  /**
   * Show which kind of point the panel speaks of.
   * @param {string} kind
   */
  title(kind) {
    for (const each of this.root.querySelectorAll("[data-kind]")) {
      each.toggleAttribute("hidden", each.getAttribute("data-kind") !== kind);
    }
  }

  /**
   * Mark the button of the scene shown.
   * @param {string} scene
   */
  mark(scene) {
    for (const button of this.root.querySelectorAll("[data-scene]")) {
      if (button.getAttribute("data-scene") === scene) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
  }

  /**
   * @param {string} act
   * @param {boolean} on
   */
  press(act, on) {
    this.root.querySelector(`[data-act="${act}"]`)?.setAttribute("aria-pressed", String(on));
  }
}
