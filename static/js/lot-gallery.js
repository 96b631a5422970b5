/** `<lot-gallery>`: a lot's pictures; the viewer takes the cover's place when somebody wants to walk. */

import { part } from "./live/page.js";

class LotGallery extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this.#enter);
  }

  /** @param {MouseEvent} event */
  #enter = (event) => {
    const link = /** @type {Element} */ (event.target).closest("[data-scene]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const viewer = this.#viewer(link.getAttribute("data-scene") ?? "");
    if (!viewer) return;
    event.preventDefault();
    for (const other of this.querySelectorAll("[data-scene]")) {
      other.toggleAttribute("data-shown", other === link);
    }
    viewer.focus();
  };

  /**
   * Return the viewer at a scene, put on the stage if it is not there yet.
   * @param {string} scene
   * @returns {HTMLElement | null}
   */
  #viewer(scene) {
    const stage = part(this, "stage");
    const template = part(this, "viewer");
    if (!stage || !(template instanceof HTMLTemplateElement)) return null;
    if (!stage.querySelector("tour-viewer")) stage.replaceChildren(template.content.cloneNode(true));
    const viewer = /** @type {HTMLElement | null} */ (stage.querySelector("tour-viewer"));
    viewer?.setAttribute("scene", scene);
    return viewer;
  }
}

customElements.define("lot-gallery", LotGallery);
