/**
 * Loads the pictures of one scene and keeps them as textures; what is no longer wanted is given up.
 *
 * @typedef {import("./tiles.js").Tile} Tile
 * @typedef {import("./tiles.js").Pyramid} Pyramid
 * @typedef {import("./renderer.js").Renderer} Renderer
 */

import { FACES, address, name } from "./tiles.js";

const AT_ONCE = 6;

/** Textures kept at most: 120 tiles of 512 pixels are 120 MiB, what a phone of 2 GB bears. */
const KEPT = 120;

export class Store {
  /**
   * @param {Renderer} renderer
   * @param {Pyramid} pyramid
   * @param {() => void} changed called when a picture has come or is known not to come
   */
  constructor(renderer, pyramid, changed) {
    this.renderer = renderer;
    this.pyramid = pyramid;
    this.changed = changed;
    /** @type {Map<string, WebGLTexture>} in order of last use */
    this.textures = new Map();
    /** @type {Map<string, AbortController>} */
    this.coming = new Map();
    /** @type {Set<string>} */
    this.lost = new Set();
    /** @type {Tile[]} */
    this.wanted = [];
    /** @type {Map<string, WebGLTexture>} */
    this.preview = new Map();
    this.closed = new AbortController();
  }

  /**
   * Load the strip of six small faces that is drawn first.
   * @param {string} url
   */
  async open(url) {
    const strip = await picture(url, this.closed.signal);
    const edge = strip.width;
    for (const [row, face] of [...FACES].entries()) {
      const part = await createImageBitmap(strip, 0, row * edge, edge, edge);
      if (this.closed.signal.aborted) return;
      this.preview.set(face, this.renderer.texture(part));
      part.close();
    }
    strip.close();
    this.changed();
  }

  /**
   * Return the texture of a tile if it is here.
   * @param {Tile} tile
   */
  texture(tile) {
    const key = name(tile);
    const texture = this.textures.get(key);
    if (texture === undefined) return null;
    this.textures.delete(key);
    this.textures.set(key, texture);
    return texture;
  }

  /**
   * Want these tiles, most urgent first; loads of others are given up.
   * @param {Tile[]} tiles
   */
  want(tiles) {
    this.wanted = tiles.filter((tile) => !this.textures.has(name(tile)) && !this.lost.has(name(tile)));
    const names = new Set(this.wanted.map(name));
    for (const [key, load] of this.coming) {
      if (!names.has(key)) load.abort();
    }
    this.#fill();
  }

  /** Whether every wanted tile is here or known not to come. */
  get settled() {
    return this.wanted.length === 0;
  }

  /** Whether pictures were asked for and none came. */
  get hopeless() {
    return this.lost.size > 0 && this.textures.size === 0 && this.preview.size === 0;
  }

  /** Give up all loads and free all textures. */
  close() {
    this.closed.abort();
    for (const load of this.coming.values()) load.abort();
    for (const texture of [...this.textures.values(), ...this.preview.values()]) this.renderer.free(texture);
    this.textures.clear();
    this.preview.clear();
  }

  #fill() {
    for (const tile of this.wanted) {
      if (this.coming.size >= AT_ONCE) return;
      if (!this.coming.has(name(tile))) this.#load(tile);
    }
  }

  /** @param {Tile} tile */
  async #load(tile) {
    const key = name(tile);
    const load = new AbortController();
    this.coming.set(key, load);
    try {
      const bitmap = await picture(address(tile, this.pyramid), load.signal);
      if (!this.closed.signal.aborted) this.#keep(key, bitmap);
      bitmap.close();
    } catch {
      if (!load.signal.aborted) this.lost.add(key);
    }
    this.coming.delete(key);
    if (this.closed.signal.aborted) return;
    this.wanted = this.wanted.filter((other) => !this.textures.has(name(other)) && !this.lost.has(name(other)));
    this.#fill();
    this.changed();
  }

  /**
   * @param {string} key
   * @param {ImageBitmap} bitmap
   */
  #keep(key, bitmap) {
    this.textures.set(key, this.renderer.texture(bitmap));
    for (const [oldest, texture] of this.textures) {
      if (this.textures.size <= KEPT) return;
      this.textures.delete(oldest);
      this.renderer.free(texture);
    }
  }
}

/**
 * Return a picture fetched and decoded away from the page's thread.
 * @param {string} url
 * @param {AbortSignal} signal
 */
async function picture(url, signal) {
  const answer = await fetch(url, { signal });
  if (!answer.ok) throw new Error(String(answer.status));
  return createImageBitmap(await answer.blob());
}
