/**
 * The description of a tour as the server gives it (version 1).
 *
 * @typedef {import("./geometry.js").View} View
 * @typedef {{id: number, kind: string, yaw: number, pitch: number, target: string | null, text: string}} Hotspot
 * @typedef {{id: string, name: string, description: string, view: View, tiles: import("./tiles.js").Pyramid,
 *   preview: string, still: string, hotspots: Hotspot[]}} Scene
 * @typedef {{version: number, tour: number, title: string, start: string, scenes: Scene[]}} Manifest
 */

/**
 * Fetch a manifest.
 * @param {string} url
 * @param {AbortSignal} signal
 * @returns {Promise<Manifest>}
 */
export async function fetched(url, signal) {
  const answer = await fetch(url, { signal, headers: { accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

/**
 * Return the scene of that id, else the one the tour starts in, else the first.
 * @param {Manifest} manifest
 * @param {string | null} id
 * @returns {Scene | undefined}
 */
export function scene(manifest, id) {
  const named = (/** @type {string | null} */ wanted) => manifest.scenes.find((each) => each.id === wanted);
  return named(id) ?? named(manifest.start) ?? manifest.scenes[0];
}

/**
 * Return the link in a scene that leads to another.
 * @param {Scene} from
 * @param {string | undefined} to
 */
export function link(from, to) {
  return from.hotspots.find(({ kind, target }) => kind === "link" && target === to);
}
