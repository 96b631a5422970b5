/**
 * `<tour-builder data-list="…" data-photos="…">`: ties the viewer to the forms of the scene it shows, and asks for the list of scenes
 * again while pictures are being cut.
 *
 * @typedef {{yaw: number, pitch: number, fov: number}} View
 * @typedef {HTMLElement & {view: View, go: (scene: string) => void}} Viewer
 */

const ASK_MS = 1500;
const KEPT_VIEW = "tour-builder";

class TourBuilder extends HTMLElement {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #asking;
  #typed = false;

  connectedCallback() {
    this.addEventListener("tour:scene", (event) => this.#enter(detail(event)["scene"]));
    this.addEventListener("tour:view", (event) => this.#aim(detail(event)));
    this.addEventListener("tour:pick", (event) => this.#pick(detail(event)));
    this.addEventListener("panorama:received", () => this.#ask());
    this.addEventListener("photo:received", () => void this.#addPhotos());
    this.addEventListener("input", (event) => this.#typing(event));
    this.addEventListener("submit", () => this.#keepView());
    this.addEventListener("click", (event) => this.#follow(event));
    for (const form of this.querySelectorAll("[data-place]")) suit(form);
    this.querySelector(".summary-errors")?.scrollIntoView();
    if (this.#list?.hasAttribute("data-busy")) this.#later();
    const shown = this.querySelector("tour-viewer [data-scene][aria-current]");
    if (shown) this.#enter(shown.getAttribute("data-scene"));
  }

  disconnectedCallback() {
    clearTimeout(this.#asking);
  }

  get #list() {
    return this.querySelector("[data-part='scenes'][data-ready]");
  }

  /** @returns {Viewer | null} */
  get #viewer() {
    return this.querySelector("tour-viewer");
  }

  /** Show the forms of the scene in the viewer. @param {unknown} slug */
  #enter(slug) {
    for (const panel of this.querySelectorAll("[data-panel]")) {
      panel.toggleAttribute("hidden", panel.getAttribute("data-panel") !== slug);
    }
    this.#restoreView(slug);
  }

  /** The view that would be kept is the one now seen. @param {Record<string, unknown>} view */
  #aim(view) {
    const form = this.querySelector("[data-panel]:not([hidden]) [data-aim]");
    if (form) fill(form, view, ["yaw", "pitch", "fov"]);
  }

  /** @param {Record<string, unknown>} direction */
  #pick(direction) {
    const form = this.querySelector("[data-panel]:not([hidden]) [data-place]");
    if (!form) return;
    fill(form, direction, ["yaw", "pitch"]);
    form.scrollIntoView({ block: "nearest" });
  }

  /** @param {Event} event */
  #typing(event) {
    const form = event.target instanceof Element ? event.target.closest("form[data-place]") : null;
    if (form) suit(form);
    if (!(event.target instanceof Element && event.target.closest("panorama-upload"))) this.#typed = true;
  }

  /** Enter a scene from the list without leaving the page. @param {MouseEvent} event */
  #follow(event) {
    const link = event.target instanceof Element ? event.target.closest("[data-enter]") : null;
    const viewer = this.#viewer;
    if (!link || !viewer || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const slug = link.getAttribute("data-enter") ?? "";
    if (!this.querySelector(`[data-panel="${CSS.escape(slug)}"]`)) return;
    event.preventDefault();
    viewer.go(slug);
    viewer.scrollIntoView({ block: "nearest" });
  }

  /** Remember where the officer looked, for the page that comes after a form is sent. */
  #keepView() {
    const panel = this.querySelector("[data-panel]:not([hidden])");
    if (!this.#viewer || !panel) return;
    const kept = { scene: panel.getAttribute("data-panel"), view: this.#viewer.view, top: window.scrollY };
    sessionStorage.setItem(KEPT_VIEW, JSON.stringify(kept));
  }

  /** @param {unknown} slug */
  #restoreView(slug) {
    const kept = JSON.parse(sessionStorage.getItem(KEPT_VIEW) ?? "null");
    sessionStorage.removeItem(KEPT_VIEW);
    if (kept?.scene !== slug || !this.#viewer) return;
    this.#viewer.view = kept.view;
    window.scrollTo({ top: kept.top });
  }

  #later() {
    clearTimeout(this.#asking);
    this.#asking = setTimeout(() => void this.#ask(), ASK_MS);
  }

  /** Put the server's list in place of the old one. */
  async #ask() {
    const old = this.#list;
    const page = await fetched(this.dataset["list"]);
    if (!old || !page) return this.#later();
    const list = page.querySelector("[data-part='scenes'][data-ready]");
    if (!list) return;
    old.replaceWith(list);
    if (list.hasAttribute("data-busy")) this.#later();
    else if (list.getAttribute("data-ready") !== this.#shown) this.#news();
  }

  /** Append the photographs that are new, so that no caption half typed is lost. */
  async #addPhotos() {
    const list = this.querySelector("[data-part='photos']");
    const page = await fetched(this.dataset["photos"]);
    for (const item of page?.querySelectorAll("[data-part='photos'] > li[id]") ?? []) {
      if (!document.getElementById(item.id)) list?.append(item);
      list?.querySelector("li:not([id])")?.remove();
    }
  }

  /** How many scenes the forms on this page are for. */
  get #shown() {
    return String(this.querySelectorAll("[data-panel]").length);
  }

  /** Bring in the new scenes' forms, unless something half typed, half sent or refused would be lost. */
  #news() {
    const open = this.querySelector(".upload:not([data-state='received'], [data-state='ready'])");
    if (!this.#typed && !open) return location.reload();
    this.querySelector("[data-part='news']")?.removeAttribute("hidden");
  }
}

/** Return a part of the page as the server has it now. @param {string | undefined} address */
async function fetched(address) {
  const answer = await fetch(address ?? "").catch(() => null);
  return answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
}

/** @param {Event} event @returns {Record<string, unknown>} */
function detail(event) {
  return event instanceof CustomEvent ? event.detail : {};
}

/**
 * Put numbers into a form's fields of the same names.
 * @param {Element} form
 * @param {Record<string, unknown>} values
 * @param {string[]} names
 */
function fill(form, values, names) {
  for (const name of names) {
    const field = form.querySelector(`input[name="${name}"]`);
    if (field instanceof HTMLInputElement) field.value = Number(values[name]).toFixed(3);
  }
}

/** Ask only what the chosen kind of point needs. @param {Element} form */
function suit(form) {
  const kind = form.querySelector("select[name='kind']");
  const chosen = kind instanceof HTMLSelectElement ? kind.value : "";
  for (const field of form.querySelectorAll("[data-for]")) {
    field.toggleAttribute("hidden", field.getAttribute("data-for") !== chosen);
  }
}

customElements.define("tour-builder", TourBuilder);
