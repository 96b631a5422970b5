/**
 * Turns touches, mouse, wheel and keys on a stage into views.
 *
 * @typedef {import("./geometry.js").View} View
 * @typedef {{view: View, size: {width: number, height: number}, turn: (view: View) => void}} Shown
 * @typedef {{moved: () => void, home: () => void, picked: (pixel: {x: number, y: number}) => void}} Hears
 */

import { focal, zoomed } from "./geometry.js";
import { glide, released } from "./motion.js";

const STEP = 8;
const NEARER = 1.2;

/** A pointer that moved less than this many pixels was a click. */
const STEADY = 6;

export class Controls {
  /**
   * @param {HTMLElement} stage
   * @param {Shown} shown
   * @param {Hears} hears
   */
  constructor(stage, shown, hears) {
    this.stage = stage;
    this.shown = shown;
    this.hears = hears;
    /** @type {Map<number, {x: number, y: number}>} */
    this.pointers = new Map();
    /** @type {{at: number, yaw: number, pitch: number}[]} */
    this.steps = [];
    this.travelled = 0;
    this.gliding = 0;
    const ears = new AbortController();
    this.ears = ears;
    const { signal } = ears;
    stage.addEventListener("pointerdown", (event) => this.#down(event), { signal });
    stage.addEventListener("pointermove", (event) => this.#move(event), { signal });
    stage.addEventListener("pointerup", (event) => this.#up(event, true), { signal });
    stage.addEventListener("pointercancel", (event) => this.#up(event, false), { signal });
    stage.addEventListener("wheel", (event) => this.#wheel(event), { signal, passive: false });
    stage.addEventListener("keydown", (event) => this.#key(event), { signal });
  }

  close() {
    this.stop();
    this.ears.abort();
  }

  /** End any gliding. */
  stop() {
    cancelAnimationFrame(this.gliding);
    this.gliding = 0;
  }

  /**
   * Magnify the middle of the view by a factor.
   * @param {number} factor
   */
  zoom(factor) {
    const { view } = this.shown;
    this.shown.turn({ ...view, fov: zoomed(view.fov, factor) });
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (event.button !== 0 || !onStage(event)) return;
    this.stop();
    this.stage.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, place(event));
    this.travelled = this.pointers.size > 1 ? STEADY : 0;
    this.steps = [];
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const before = this.pointers.get(event.pointerId);
    if (before === undefined) return;
    const after = place(event);
    if (this.pointers.size > 1) this.#pinch(event.pointerId, before, after);
    else this.#drag({ x: after.x - before.x, y: after.y - before.y }, event.timeStamp);
    this.pointers.set(event.pointerId, after);
  }

  /**
   * @param {{x: number, y: number}} way
   * @param {number} at
   */
  #drag(way, at) {
    const { view, size } = this.shown;
    this.travelled += Math.hypot(way.x, way.y);
    const degrees = 180 / Math.PI / focal(view, size);
    const level = Math.max(Math.cos((view.pitch * Math.PI) / 180), 0.3);
    const step = { at, yaw: (-way.x * degrees) / level, pitch: way.y * degrees };
    this.steps.push(step);
    this.#by(step);
  }

  /** @param {{yaw: number, pitch: number}} step */
  #by({ yaw, pitch }) {
    const { view } = this.shown;
    this.shown.turn({ yaw: view.yaw + yaw, pitch: view.pitch + pitch, fov: view.fov });
  }

  /**
   * @param {number} finger
   * @param {{x: number, y: number}} before
   * @param {{x: number, y: number}} after
   */
  #pinch(finger, before, after) {
    const other = [...this.pointers].find(([id]) => id !== finger)?.[1];
    if (other === undefined) return;
    const spread = Math.hypot(before.x - other.x, before.y - other.y);
    this.zoom(Math.hypot(after.x - other.x, after.y - other.y) / Math.max(spread, 1));
    this.#drag({ x: (after.x - before.x) / 2, y: (after.y - before.y) / 2 }, 0);
  }

  /**
   * @param {PointerEvent} event
   * @param {boolean} lifted
   */
  #up(event, lifted) {
    if (!this.pointers.delete(event.pointerId) || this.pointers.size > 0) return;
    if (this.travelled < STEADY) {
      if (lifted) this.hears.picked(place(event, this.stage));
      return;
    }
    const speed = released(this.steps, event.timeStamp);
    if (speed === null || calm()) this.hears.moved();
    else this.#glide(speed, performance.now());
  }

  /**
   * @param {import("./motion.js").Speed} speed
   * @param {number} since
   */
  #glide(speed, since) {
    this.gliding = requestAnimationFrame((now) => {
      const way = glide(speed, Math.max(now - since, 0));
      this.#by(way);
      if (way.speed) this.#glide(way.speed, now);
      else this.hears.moved();
    });
  }

  /** Zoom with the wheel once the stage has the focus, so that a page can be scrolled past it. @param {WheelEvent} event */
  #wheel(event) {
    if (!event.ctrlKey && !this.stage.contains(document.activeElement)) return;
    event.preventDefault();
    this.zoom(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0015)));
    this.hears.moved();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { view } = this.shown;
    const step = (STEP * view.fov) / 75;
    const act = /** @type {Record<string, () => void>} */ ({
      ArrowLeft: () => this.#by({ yaw: -step, pitch: 0 }),
      ArrowRight: () => this.#by({ yaw: step, pitch: 0 }),
      ArrowUp: () => this.#by({ yaw: 0, pitch: step }),
      ArrowDown: () => this.#by({ yaw: 0, pitch: -step }),
      "+": () => this.zoom(NEARER),
      "=": () => this.zoom(NEARER),
      "-": () => this.zoom(1 / NEARER),
      Home: () => this.hears.home(),
    })[event.key];
    if (act === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.stop();
    act();
    this.hears.moved();
  }
}

/** Return whether the reader asked for little motion. */
export function calm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** @param {PointerEvent} event */
function onStage(event) {
  return event.target instanceof Element && event.target.closest("button, a") === null;
}

/**
 * @param {PointerEvent} event
 * @param {HTMLElement} [within]
 */
function place(event, within) {
  const box = within?.getBoundingClientRect();
  return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) };
}
