/**
 * Shows one scene of a tour on a canvas: keeps the view, asks for the tiles it needs and draws when something changed.
 *
 * @typedef {import("./geometry.js").View} View
 * @typedef {import("./tiles.js").Pyramid} Pyramid
 * @typedef {import("./tiles.js").Tile} Tile
 */

import { bounded, matrix } from "./geometry.js";
import { Store } from "./store.js";
import { FACES, along, name, parent, quad, sharp, visible } from "./tiles.js";

/** Finer than two device pixels a pixel is not seen but is fetched and drawn. */
const DENSEST = 2;

export class Panorama {
  /**
   * @param {import("./renderer.js").Renderer} renderer
   * @param {{drawn: () => void, failed: () => void}} hears
   */
  constructor(renderer, hears) {
    this.renderer = renderer;
    this.hears = hears;
    /** @type {View} */
    this.view = { yaw: 0, pitch: 0, fov: 75 };
    /** @type {Store | null} */
    this.store = null;
    this.due = 0;
    renderer.canvas.addEventListener("webglcontextlost", (event) => event.preventDefault());
    renderer.canvas.addEventListener("webglcontextrestored", () => this.#restored());
  }

  /** Size of the canvas on the page. */
  get size() {
    const { clientWidth, clientHeight } = this.renderer.canvas;
    return { width: Math.max(clientWidth, 1), height: Math.max(clientHeight, 1) };
  }

  /**
   * Leave the scene shown and show another.
   * @param {{tiles: Pyramid, preview: string}} scene
   * @param {View} view
   */
  show(scene, view) {
    this.scene = scene;
    this.store?.close();
    const store = new Store(this.renderer, scene.tiles, () => this.redraw());
    this.store = store;
    this.view = bounded(view);
    store.open(scene.preview).catch(() => this.redraw());
    this.redraw();
  }

  /** @param {View} view */
  turn(view) {
    this.view = bounded(view);
    this.redraw();
  }

  /** Draw at the browser's next chance. */
  redraw() {
    this.due ||= requestAnimationFrame(() => {
      this.due = 0;
      this.#draw();
    });
  }

  close() {
    cancelAnimationFrame(this.due);
    this.due = 0;
    this.store?.close();
    this.store = null;
  }

  #draw() {
    if (this.store === null) return;
    const density = saving() ? 1 : Math.min(devicePixelRatio, DENSEST);
    const level = sharp(this.view, this.size, this.store.pyramid.levels, density);
    const wanted = visible(this.view, this.size, this.store.pyramid, level);
    this.store.want([...this.#coarse(level), ...wanted]);
    this.#paint(wanted, density);
    this.hears.drawn();
    if (this.store.hopeless) this.hears.failed();
  }

  /**
   * Return the tiles of the coarsest level, which are had before any sharp one.
   * @param {number} level
   */
  #coarse(level) {
    if (this.store === null || level === 0) return [];
    return visible(this.view, this.size, this.store.pyramid, 0);
  }

  /**
   * @param {Tile[]} wanted
   * @param {number} density
   */
  #paint(wanted, density) {
    const { width, height } = this.size;
    this.renderer.begin(matrix(this.view, this.size), {
      width: Math.round(width * density),
      height: Math.round(height * density),
    });
    const { found, bare } = this.#best(wanted);
    for (const face of FACES) {
      const texture = bare.has(face) ? this.store?.preview.get(face) : undefined;
      if (texture) this.renderer.draw(texture, quad({ face, level: 0, y: 0, x: 0 }, 1));
    }
    for (const { tile, texture } of found) {
      if (this.store) this.renderer.draw(texture, quad(tile, along(this.store.pyramid, tile.level)));
    }
  }

  /**
   * Return for the wanted tiles the best that is here, coarse before fine, and the faces that have nothing yet.
   * @param {Tile[]} wanted
   */
  #best(wanted) {
    /** @type {Map<string, {tile: Tile, texture: WebGLTexture}>} */
    const found = new Map();
    /** @type {Set<string>} */
    const bare = new Set();
    for (const tile of wanted) {
      const here = this.#covering(tile);
      if (here === null) bare.add(tile.face);
      else found.set(name(here.tile), here);
    }
    return { found: [...found.values()].sort((one, other) => one.tile.level - other.tile.level), bare };
  }

  /**
   * Return the finest tile that is here and covers the wanted one.
   * @param {Tile} wanted
   */
  #covering(wanted) {
    for (let tile = /** @type {Tile | null} */ (wanted); tile && this.store; tile = parent(tile, this.store.pyramid)) {
      const texture = this.store.texture(tile);
      if (texture !== null) return { tile, texture };
    }
    return null;
  }

  #restored() {
    this.renderer.prepare();
    if (this.scene) this.show(this.scene, this.view);
  }
}

/** Return whether the reader asked his browser to save data. */
function saving() {
  const { connection } = /** @type {Navigator & {connection?: {saveData?: boolean}}} */ (navigator);
  return connection?.saveData === true;
}
