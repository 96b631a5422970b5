/** What is read aloud: one polite region, at most once a second, only the newest. */

const AT_MOST_EVERY_MS = 1000;

export class Ear {
  #last = -Infinity;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {HTMLElement | null} region */
  constructor(region) {
    this.region = region;
  }

  /**
   * Read aloud what these places show; of several within a second only the last is read.
   * @param {readonly (Element | null)[]} places
   */
  say(places) {
    clearTimeout(this.#timer);
    const wait = Math.max(0, this.#last + AT_MOST_EVERY_MS - performance.now());
    this.#timer = setTimeout(() => this.#speak(places), wait);
  }

  /** @param {readonly (Element | null)[]} places */
  #speak(places) {
    this.#last = performance.now();
    const texts = places.map((place) => shown(place));
    if (this.region) this.region.textContent = texts.filter(Boolean).join(" ");
  }
}

/**
 * @param {Element | null} place
 * @returns {string} its words without what is hidden inside it
 */
function shown(place) {
  const copy = /** @type {Element | undefined} */ (place?.cloneNode(true));
  for (const hidden of copy?.querySelectorAll("[hidden]") ?? []) hidden.remove();
  return copy?.textContent?.replace(/\s+/g, " ").trim() ?? "";
}
