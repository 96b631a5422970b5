/**
 * The buttons that lie over a scene, cloned from the page's templates and moved with the view.
 *
 * @typedef {import("./manifest.js").Hotspot} Hotspot
 */

import { project } from "./geometry.js";

/** A marker further outside the stage than this many pixels is not shown. */
const MARGIN = 40;

export class Markers {
  /**
   * @param {HTMLElement} layer
   * @param {(kind: string) => HTMLTemplateElement | null} template
   * @param {(hotspot: Hotspot, button: HTMLElement) => void} taken
   */
  constructor(layer, template, taken) {
    this.layer = layer;
    this.template = template;
    this.taken = taken;
    /** @type {{hotspot: Hotspot, button: HTMLElement}[]} */
    this.shown = [];
  }

  /** @param {Hotspot[]} hotspots */
  show(hotspots) {
    this.shown = hotspots.flatMap((hotspot) => {
      const button = filled(this.template(hotspot.kind), { text: hotspot.text });
      button?.addEventListener("click", () => this.taken(hotspot, button));
      return button ? [{ hotspot, button }] : [];
    });
    this.layer.replaceChildren(...this.shown.map(({ button }) => button));
  }

  /**
   * @param {import("./geometry.js").View} view
   * @param {{width: number, height: number}} size
   */
  place(view, size) {
    for (const { hotspot, button } of this.shown) {
      const at = project(view, size, hotspot);
      button.hidden = at === null || outside(at.x, size.width) || outside(at.y, size.height);
      if (at) button.style.transform = `translate(${at.x.toFixed(1)}px, ${at.y.toFixed(1)}px)`;
    }
  }
}

/**
 * Return a copy of a template's element with its fields filled, or null without a template.
 * @param {HTMLTemplateElement | null} template
 * @param {Record<string, string>} fields
 */
export function filled(template, fields) {
  const copy = template?.content.firstElementChild?.cloneNode(true);
  if (!(copy instanceof HTMLElement)) return null;
  for (const [field, value] of Object.entries(fields)) {
    for (const place of copy.querySelectorAll(`[data-field="${field}"]`)) place.textContent = value;
  }
  return copy;
}

/**
 * @param {number} place
 * @param {number} length
 */
function outside(place, length) {
  return place < -MARGIN || place > length + MARGIN;
}
