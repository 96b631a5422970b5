/** Lets the view follow the device once its reader has allowed that. */

import { pointed, turned } from "./geometry.js";

/** @typedef {{requestPermission?: () => Promise<string>}} Asking */

export class Gyroscope {
  /**
   * @param {() => import("./geometry.js").View} view
   * @param {(view: import("./geometry.js").View) => void} turn
   */
  constructor(view, turn) {
    this.view = view;
    this.turn = turn;
    /** @type {AbortController | null} */
    this.ears = null;
    /** @type {number | null} */
    this.offset = null;
  }

  /** Whether this device might tell where it points. */
  static get possible() {
    return "DeviceOrientationEvent" in globalThis && navigator.maxTouchPoints > 0;
  }

  get on() {
    return this.ears !== null;
  }

  /** Ask for permission where the browser wants that, then follow; answers whether it may. */
  async start() {
    const { requestPermission } = /** @type {Asking} */ (/** @type {unknown} */ (DeviceOrientationEvent));
    if (requestPermission && (await requestPermission().catch(() => "denied")) !== "granted") return false;
    this.offset = null;
    this.ears = new AbortController();
    addEventListener("deviceorientation", (event) => this.#follow(event), { signal: this.ears.signal });
    return true;
  }

  stop() {
    this.ears?.abort();
    this.ears = null;
  }

  /** Let the way the device points now mean the view shown now. */
  anchor() {
    this.offset = null;
  }

  /** @param {DeviceOrientationEvent} event */
  #follow({ alpha, beta, gamma }) {
    if (alpha === null || beta === null || gamma === null) return;
    const ahead = pointed({ alpha, beta, gamma });
    const view = this.view();
    this.offset ??= view.yaw - ahead.yaw;
    this.turn({ yaw: turned(ahead.yaw + this.offset), pitch: ahead.pitch, fov: view.fov });
  }
}
