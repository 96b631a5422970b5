/**
 * <tour-viewer manifest="…" scene="…" editable>: walks through a tour. Its words and markup come with the page
 * (templates/elements/tour_viewer.html); see viewer/ for the parts.
 *
 * Says `tour:scene` {scene} when another scene is shown, `tour:view` {scene, yaw, pitch, fov} when a movement ends and,
 * where `editable`, `tour:pick` {scene, yaw, pitch} when a direction is clicked.
 *
 * @typedef {import("./viewer/geometry.js").View} View
 * @typedef {import("./viewer/manifest.js").Scene} Scene
 * @typedef {import("./viewer/manifest.js").Hotspot} Hotspot
 */

import { Controls } from "./viewer/controls.js";
import { bounded, entered, unproject } from "./viewer/geometry.js";
import { Gyroscope } from "./viewer/gyroscope.js";
import * as tours from "./viewer/manifest.js";
import { Markers, filled } from "./viewer/markers.js";
import { Page } from "./viewer/page.js";
import { Panorama } from "./viewer/panorama.js";
import { Renderer } from "./viewer/renderer.js";

const NEARER = 1.35;

export class TourViewer extends HTMLElement {
  static observedAttributes = ["manifest", "scene"];

  /** @type {import("./viewer/manifest.js").Manifest | null} */
  #manifest = null;
  /** @type {Scene | null} */
  #scene = null;
  /** @type {Panorama | null} */
  #panorama = null;
  /** @type {Controls | null} */
  #controls = null;
  /** @type {Markers | null} */
  #markers = null;
  /** @type {Gyroscope | null} */
  #gyroscope = null;
  /** @type {HTMLElement | null} the marker whose panel is open */
  #opener = null;
  #page = new Page(this);
  #ears = new AbortController();
  #load = new AbortController();
  #size = new ResizeObserver(() => this.#panorama?.redraw());

  connectedCallback() {
    this.#ears = new AbortController();
    this.#assemble();
    this.addEventListener("click", (event) => this.#pressed(event), { signal: this.#ears.signal });
    this.addEventListener("keydown", (event) => this.#escaped(event), { signal: this.#ears.signal });
    document.addEventListener("fullscreenchange", () => this.#filled(), { signal: this.#ears.signal });
    this.reload();
  }

  disconnectedCallback() {
    this.#ears.abort();
    this.#load.abort();
    this.#size.disconnect();
    this.#gyroscope?.stop();
    this.#controls?.close();
    this.#panorama?.close();
  }

  /**
   * @param {string} name
   * @param {string | null} before
   * @param {string | null} after
   */
  attributeChangedCallback(name, before, after) {
    if (before === null || before === after || !this.isConnected) return;
    if (name === "manifest") this.reload();
    else this.go(after);
  }

  /** The view shown; setting it turns the viewer. @returns {View} */
  get view() {
    return this.#panorama?.view ?? this.#scene?.view ?? { yaw: 0, pitch: 0, fov: 75 };
  }

  set view(view) {
    this.#controls?.stop();
    this.#panorama?.turn(bounded({ ...this.view, ...view }));
    this.#moved();
  }

  /** Fetch the manifest again and stay in the scene and view if they are still there. */
  async reload() {
    this.#load.abort();
    this.#load = new AbortController();
    const { signal } = this.#load;
    try {
      const manifest = await tours.fetched(this.getAttribute("manifest") ?? "", signal);
      this.#manifest = manifest;
      this.#listScenes();
      this.#again(tours.scene(manifest, this.#scene?.id ?? this.getAttribute("scene")));
    } catch {
      if (!signal.aborted) this.#page.say("failed");
    }
  }

  /**
   * Show a scene, in the given view or as it begins.
   * @param {string | null} id
   * @param {View} [view]
   */
  go(id, view) {
    const scene = this.#manifest && tours.scene(this.#manifest, id);
    if (!scene) return;
    this.#scene = scene;
    this.#shut();
    this.#page.say("");
    this.#describe(scene);
    this.#markers?.show(scene.hotspots.map((hotspot) => this.#named(hotspot)));
    this.#panorama?.show(scene, view ?? scene.view);
    this.#gyroscope?.anchor();
    this.#tell("tour:scene", {});
  }

  /**
   * Return a link without words called after the room it leads to.
   * @param {Hotspot} hotspot
   */
  #named(hotspot) {
    const target = this.#manifest?.scenes.find(({ id }) => id === hotspot.target);
    return { ...hotspot, text: hotspot.text || (target?.name ?? "") };
  }

  /** @param {Scene | undefined} scene */
  #again(scene) {
    if (scene) this.go(scene.id, scene.id === this.#scene?.id ? this.view : undefined);
    else this.#page.say("empty");
  }

  #assemble() {
    const canvas = this.querySelector("canvas");
    const stage = this.#page.part("stage");
    const renderer = canvas && Renderer.on(canvas);
    this.toggleAttribute("data-flat", !renderer);
    this.#page.reveal("gyroscope", Gyroscope.possible && renderer !== null);
    if (!renderer || !stage) return;
    const panorama = new Panorama(renderer, { drawn: () => this.#drawn(), failed: () => this.#page.say("failed") });
    this.#panorama = panorama;
    this.#markers = new Markers(/** @type {HTMLElement} */ (this.#page.part("markers")), (kind) => this.#page.template(kind), (hotspot, button) => this.#taken(hotspot, button));
    this.#controls = new Controls(stage, panorama, {
      moved: () => this.#moved(),
      home: () => this.#scene && panorama.turn(this.#scene.view),
      picked: (pixel) => this.#picked(pixel),
    });
    this.#gyroscope = new Gyroscope(() => panorama.view, (view) => panorama.turn(view));
    this.#size.observe(stage);
  }

  #drawn() {
    if (!this.#panorama) return;
    this.#markers?.place(this.#panorama.view, this.#panorama.size);
    this.toggleAttribute("data-settled", this.#panorama.store?.settled === true);
  }

  #moved() {
    this.#tell("tour:view", this.view);
  }

  /** @param {{x: number, y: number}} pixel */
  #picked(pixel) {
    this.#page.part("stage")?.focus({ preventScroll: true });
    if (!this.#panorama || !this.hasAttribute("editable")) return;
    this.#tell("tour:pick", unproject(this.#panorama.view, this.#panorama.size, pixel));
  }

  /**
   * @param {Hotspot} hotspot
   * @param {HTMLElement} button
   */
  #taken(hotspot, button) {
    if (hotspot.kind === "link" && hotspot.target !== null) this.#through(hotspot.target);
    else this.#open(hotspot, button);
  }

  /**
   * Walk on into the next scene.
   * @param {string} target
   */
  #through(target) {
    const next = this.#manifest?.scenes.find(({ id }) => id === target);
    if (next) this.go(target, entered(next.view, tours.link(next, this.#scene?.id)));
    this.#page.part("stage")?.focus({ preventScroll: true });
  }

  /**
   * @param {Hotspot} hotspot
   * @param {HTMLElement} button
   */
  #open(hotspot, button) {
    const panel = this.#page.part("panel");
    if (!panel) return;
    this.#page.fill("panel-text", hotspot.text);
    this.#page.title(hotspot.kind);
    this.#opener = button;
    panel.hidden = false;
    panel.focus();
  }

  #shut() {
    const panel = this.#page.part("panel");
    if (!panel || panel.hidden) return;
    panel.hidden = true;
    this.#opener?.focus({ preventScroll: true });
    this.#opener = null;
  }

  /** @param {MouseEvent} event */
  #pressed(event) {
    const button = event.target instanceof Element ? event.target.closest("[data-act]") : null;
    const scene = button?.getAttribute("data-scene");
    /** @type {Record<string, () => void>} */
    const acts = {
      nearer: () => this.#zoom(NEARER),
      farther: () => this.#zoom(1 / NEARER),
      gyroscope: () => this.#followDevice(),
      fullscreen: () => this.#fillScreen(),
      close: () => this.#shut(),
      retry: () => void this.reload(),
      scene: () => this.go(scene ?? null),
      find: () => this.#find(button?.getAttribute("data-spot")),
    };
    acts[button?.getAttribute("data-act") ?? ""]?.();
  }

  /** @param {KeyboardEvent} event */
  #escaped(event) {
    if (event.key !== "Escape") return;
    this.#shut();
    this.removeAttribute("data-full");
    this.#filled();
  }

  /** @param {number} factor */
  #zoom(factor) {
    this.#controls?.zoom(factor);
    this.#moved();
  }

  async #followDevice() {
    const gyroscope = this.#gyroscope;
    if (!gyroscope) return;
    if (gyroscope.on) gyroscope.stop();
    else if (!(await gyroscope.start())) this.#page.say("gyroscope");
    this.#page.press("gyroscope", gyroscope.on);
  }

  /** Fill the screen; where only videos may (iPhone), fill the window. */
  #fillScreen() {
    if (document.fullscreenElement) void document.exitFullscreen();
    else if (this.hasAttribute("data-full")) this.removeAttribute("data-full");
    else if (document.fullscreenEnabled) void this.requestFullscreen().catch(() => this.toggleAttribute("data-full", true));
    else this.toggleAttribute("data-full", true);
    this.#filled();
  }

  #filled() {
    this.#page.press("fullscreen", document.fullscreenElement === this || this.hasAttribute("data-full"));
    this.#panorama?.redraw();
  }

  #listScenes() {
    const rows = (this.#manifest?.scenes ?? []).flatMap(({ id, name, still }) => {
      const row = filled(this.#page.template("scene"), { name });
      row?.querySelector("[data-act]")?.setAttribute("data-scene", id);
      row?.querySelector("img")?.setAttribute("src", still);
      return row ? [row] : [];
    });
    this.#page.part("scenes")?.replaceChildren(...rows);
  }

  /** @param {Scene} scene */
  #describe(scene) {
    this.#page.fill("current", scene.name);
    this.#page.fill("description", scene.description);
    this.#page.part("still")?.setAttribute("src", scene.still);
    this.#page.mark(scene.id);
    const defects = scene.hotspots.filter(({ kind }) => kind === "defect");
    this.#page.part("defects")?.replaceChildren(...defects.flatMap((defect) => this.#row(defect) ?? []));
    this.#page.reveal("defect-list", defects.length > 0);
  }

  /**
   * Return a row of the defects' list, which leads the eye to the defect.
   * @param {Hotspot} defect
   */
  #row({ id, text }) {
    const row = filled(this.#page.template("defect-row"), { text });
    row?.querySelector("[data-act]")?.setAttribute("data-spot", String(id));
    return row;
  }

  /** @param {string | null | undefined} id */
  #find(id) {
    const found = this.#markers?.shown.find(({ hotspot }) => String(hotspot.id) === id);
    if (!found) return;
    const { yaw, pitch } = found.hotspot;
    this.view = { yaw, pitch, fov: this.view.fov };
    found.button.hidden = false;
    this.#page.part("stage")?.scrollIntoView({ block: "nearest" });
    this.#open(found.hotspot, found.button);
  }

  /**
   * @param {string} name
   * @param {object} detail
   */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, detail: { scene: this.#scene?.id, ...detail } }));
  }
}

customElements.define("tour-viewer", TourViewer);
