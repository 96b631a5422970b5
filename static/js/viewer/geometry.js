/**
 * Directions, views and pixels. Angles in degrees: yaw 0 is ahead, positive to the right; pitch positive up.
 * World axes: x right (yaw 90), y up, z ahead (yaw 0).
 *
 * @typedef {{yaw: number, pitch: number, fov: number}} View  fov is the angle over the geometric mean of both sides
 * @typedef {{width: number, height: number}} Size
 * @typedef {[number, number, number]} Vector
 */

const RADIAN = Math.PI / 180;

export const NARROWEST = 25;
export const WIDEST = 105;
export const STEEPEST = 88;

/**
 * Return the angle in (-180, 180].
 * @param {number} yaw
 */
export function turned(yaw) {
  const within = ((yaw % 360) + 360) % 360;
  return within > 180 ? within - 360 : within;
}

/**
 * Return the view with its angles brought into their ranges.
 * @param {View} view
 * @returns {View}
 */
export function bounded({ yaw, pitch, fov }) {
  return {
    yaw: turned(yaw),
    pitch: Math.min(STEEPEST, Math.max(-STEEPEST, pitch)),
    fov: Math.min(WIDEST, Math.max(NARROWEST, fov)),
  };
}

/**
 * Return the unit vector of a direction.
 * @param {number} yaw
 * @param {number} pitch
 * @returns {Vector}
 */
export function direction(yaw, pitch) {
  const level = Math.cos(pitch * RADIAN);
  return [Math.sin(yaw * RADIAN) * level, Math.sin(pitch * RADIAN), Math.cos(yaw * RADIAN) * level];
}

/**
 * Return the view's right, up and forward vectors.
 * @param {View} view
 * @returns {{right: Vector, up: Vector, forward: Vector}}
 */
export function axes({ yaw, pitch }) {
  return {
    right: direction(yaw + 90, 0),
    up: direction(yaw, pitch + 90),
    forward: direction(yaw, pitch),
  };
}

/**
 * Return the pixels per unit of tangent at the middle of the picture.
 * @param {View} view
 * @param {Size} size
 */
export function focal({ fov }, { width, height }) {
  return Math.sqrt(width * height) / 2 / Math.tan((fov * RADIAN) / 2);
}

/**
 * Return the field of view after the picture was magnified by `factor`.
 * @param {number} fov
 * @param {number} factor
 */
export function zoomed(fov, factor) {
  return (2 * Math.atan(Math.tan((fov * RADIAN) / 2) / factor)) / RADIAN;
}

/**
 * Return where a direction is seen, in pixels from the top left, or null behind the viewer.
 * @param {View} view
 * @param {Size} size
 * @param {{yaw: number, pitch: number}} point
 * @returns {{x: number, y: number} | null}
 */
export function project(view, size, point) {
  const seen = axes(view);
  const towards = direction(point.yaw, point.pitch);
  const depth = dot(towards, seen.forward);
  if (depth < 0.05) return null;
  const scale = focal(view, size) / depth;
  return {
    x: size.width / 2 + dot(towards, seen.right) * scale,
    y: size.height / 2 - dot(towards, seen.up) * scale,
  };
}

/**
 * Return the direction seen at a pixel.
 * @param {View} view
 * @param {Size} size
 * @param {{x: number, y: number}} pixel
 * @returns {{yaw: number, pitch: number}}
 */
export function unproject(view, size, pixel) {
  const { right, up, forward } = axes(view);
  const scale = focal(view, size);
  const across = (pixel.x - size.width / 2) / scale;
  const rise = (size.height / 2 - pixel.y) / scale;
  const [x, y, z] = [0, 1, 2].map((i) => forward[i] + right[i] * across + up[i] * rise);
  return { yaw: turned(Math.atan2(x, z) / RADIAN), pitch: Math.atan2(y, Math.hypot(x, z)) / RADIAN };
}

/**
 * Return the matrix, column by column, that takes a world point to clip space; depth is not used.
 * @param {View} view
 * @param {Size} size
 */
export function matrix(view, size) {
  const { right, up, forward } = axes(view);
  const scale = focal(view, size);
  const [across, rise] = [(2 * scale) / size.width, (2 * scale) / size.height];
  return [0, 1, 2]
    .flatMap((i) => [right[i] * across, up[i] * rise, 0, forward[i]])
    .concat([0, 0, 0, 0]);
}

/**
 * Return the inward normals of the planes that bound what is seen.
 * @param {View} view
 * @param {Size} size
 * @returns {Vector[]}
 */
export function frustum(view, size) {
  const { right, up, forward } = axes(view);
  const scale = focal(view, size);
  const [across, rise] = [size.width / 2 / scale, size.height / 2 / scale];
  return [
    sum(right, forward, across),
    sum([-right[0], -right[1], -right[2]], forward, across),
    sum(up, forward, rise),
    sum([-up[0], -up[1], -up[2]], forward, rise),
    forward,
  ];
}

/**
 * Return the view in which a scene is entered: on through the door that was taken, else as the scene begins.
 *
 * A link back to the scene left behind tells where one came from, so one looks the other way.
 * @param {View} start
 * @param {{yaw: number} | undefined} back
 * @returns {View}
 */
export function entered(start, back) {
  if (back === undefined) return start;
  return { yaw: turned(back.yaw + 180), pitch: start.pitch, fov: start.fov };
}

/**
 * Return where the back of a device points, from its orientation (W3C Device Orientation, section 3.1:
 * intrinsic z-x'-y'' angles over east, north, up).
 * @param {{alpha: number, beta: number, gamma: number}} turn
 * @returns {{yaw: number, pitch: number}}
 */
export function pointed({ alpha, beta, gamma }) {
  const [a, b, g] = [alpha * RADIAN, beta * RADIAN, gamma * RADIAN];
  const east = -(Math.cos(a) * Math.sin(g) + Math.sin(a) * Math.sin(b) * Math.cos(g));
  const north = -(Math.sin(a) * Math.sin(g) - Math.cos(a) * Math.sin(b) * Math.cos(g));
  const up = -Math.cos(b) * Math.cos(g);
  return { yaw: turned(Math.atan2(east, north) / RADIAN), pitch: Math.asin(Math.min(1, Math.max(-1, up))) / RADIAN };
}

/**
 * @param {Vector} one
 * @param {Vector} other
 */
export function dot(one, other) {
  return one[0] * other[0] + one[1] * other[1] + one[2] * other[2];
}

/**
 * @param {Vector} one
 * @param {Vector} other
 * @param {number} times
 * @returns {Vector}
 */
function sum(one, other, times) {
  return [one[0] + other[0] * times, one[1] + other[1] * times, one[2] + other[2] * times];
}
