/**
 * Which tiles of a cube make up a view. Level 0 is the coarsest; each face of level l is cut into tiles of `tile` pixels.
 *
 * @typedef {import("./geometry.js").View} View
 * @typedef {import("./geometry.js").Size} Size
 * @typedef {import("./geometry.js").Vector} Vector
 * @typedef {{template: string, tile: number, levels: number[]}} Pyramid
 * @typedef {{face: string, level: number, y: number, x: number}} Tile
 */

import { dot, focal, frustum } from "./geometry.js";

export const FACES = "frblud";

/**
 * Corner (s = t = -1), whole edge along s and whole edge along t of each face seen from inside.
 * @type {Record<string, [Vector, Vector, Vector]>}
 */
const PLANES = {
  f: [[-1, 1, 1], [2, 0, 0], [0, -2, 0]],
  r: [[1, 1, 1], [0, 0, -2], [0, -2, 0]],
  b: [[1, 1, -1], [-2, 0, 0], [0, -2, 0]],
  l: [[-1, 1, -1], [0, 0, 2], [0, -2, 0]],
  u: [[-1, 1, -1], [2, 0, 0], [0, 0, 2]],
  d: [[-1, -1, 1], [2, 0, 0], [0, 0, -2]],
};

/** Tiles are shown up to this much magnified before the next level is fetched. */
const SLACK = 0.8;

/**
 * Return the level that is sharp enough for a view; `density` is device pixels per pixel.
 * @param {View} view
 * @param {Size} size
 * @param {number[]} levels
 * @param {number} density
 */
export function sharp(view, size, levels, density) {
  const wanted = 2 * focal(view, size) * density * SLACK;
  const found = levels.findIndex((pixels) => pixels >= wanted);
  return found < 0 ? levels.length - 1 : found;
}

/**
 * Return the corner and both edges of a tile in the world.
 * @param {Tile} tile
 * @param {number} count tiles along a face's edge
 * @returns {{corner: Vector, across: Vector, down: Vector}}
 */
export function quad({ face, y, x }, count) {
  const [corner, across, down] = PLANES[face];
  const [right, below] = [scaled(across, 1 / count), scaled(down, 1 / count)];
  return {
    corner: /** @type {Vector} */ (corner.map((value, i) => value + right[i] * x + below[i] * y)),
    across: right,
    down: below,
  };
}

/**
 * Return the tiles of a level that can be seen, those in the middle of the view first.
 * @param {View} view
 * @param {Size} size
 * @param {Pyramid} pyramid
 * @param {number} level
 * @returns {Tile[]}
 */
export function visible(view, size, pyramid, level) {
  const count = along(pyramid, level);
  const planes = frustum(view, size);
  const ahead = planes[planes.length - 1];
  return [...FACES]
    .flatMap((face) => whole(face, level, count))
    .filter((tile) => inside(corners(tile, count), planes))
    .map((tile) => ({ tile, ahead: dot(unit(middle(tile, count)), ahead) }))
    .sort((one, other) => other.ahead - one.ahead)
    .map(({ tile }) => tile);
}

/**
 * Return the tile of the level below that covers a tile, or null at level 0.
 * @param {Tile} tile
 * @param {Pyramid} pyramid
 * @returns {Tile | null}
 */
export function parent(tile, pyramid) {
  if (tile.level === 0) return null;
  const ratio = along(pyramid, tile.level) / along(pyramid, tile.level - 1);
  return { face: tile.face, level: tile.level - 1, y: Math.floor(tile.y / ratio), x: Math.floor(tile.x / ratio) };
}

/**
 * Return the number of tiles along a face's edge.
 * @param {Pyramid} pyramid
 * @param {number} level
 */
export function along(pyramid, level) {
  return Math.max(1, Math.round(pyramid.levels[level] / pyramid.tile));
}

/**
 * Return the address of a tile.
 * @param {Tile} tile
 * @param {Pyramid} pyramid
 */
export function address(tile, pyramid) {
  return pyramid.template.replace(/\{(face|level|y|x)\}/g, (_, name) => String(tile[/** @type {keyof Tile} */ (name)]));
}

/**
 * Return a tile's name, unique in its scene.
 * @param {Tile} tile
 */
export function name({ face, level, y, x }) {
  return `${face}${level}_${y}_${x}`;
}

/**
 * @param {string} face
 * @param {number} level
 * @param {number} count
 * @returns {Tile[]}
 */
function whole(face, level, count) {
  return Array.from({ length: count * count }, (_, i) => ({ face, level, y: Math.floor(i / count), x: i % count }));
}

/**
 * @param {Tile} tile
 * @param {number} count
 */
function corners(tile, count) {
  const { corner, across, down } = quad(tile, count);
  return [0, 1, 2, 3].map((k) => /** @type {Vector} */ (corner.map((v, i) => v + across[i] * (k & 1) + down[i] * (k >> 1))));
}

/**
 * @param {Tile} tile
 * @param {number} count
 */
function middle(tile, count) {
  const { corner, across, down } = quad(tile, count);
  return /** @type {Vector} */ (corner.map((value, i) => value + (across[i] + down[i]) / 2));
}

/**
 * Return whether no plane has all the points on its far side.
 * @param {Vector[]} points
 * @param {Vector[]} planes
 */
function inside(points, planes) {
  return planes.every((plane) => points.some((point) => dot(plane, point) > 0));
}

/**
 * @param {Vector} vector
 * @param {number} times
 * @returns {Vector}
 */
function scaled(vector, times) {
  return [vector[0] * times, vector[1] * times, vector[2] * times];
}

/** @param {Vector} vector */
function unit(vector) {
  return scaled(vector, 1 / Math.hypot(...vector));
}
