/** Moves over the moments of a replay: an event a second, or faster than it was by a factor. */

import { at } from "./replay.js";

/**
 * @typedef {import("./replay.js").Moment} Moment
 * @typedef {(call: (now: number) => void) => unknown} Frames calls back before the next picture, with `performance.now()`
 */

const HOP_MS = 1000;

export class Player {
  /** Milliseconds of the auction in one of ours; 0 is an event a second. */
  speed = 0;
  playing = false;
  place = 0;
  #last = 0;
  #since = 0;

  /**
   * @param {readonly Moment[]} moments
   * @param {(player: Player) => void} tell called whenever anything has moved
   * @param {Frames} frames
   */
  constructor(moments, tell, frames = requestAnimationFrame.bind(globalThis)) {
    this.moments = moments;
    this.tell = tell;
    this.frames = frames;
    this.to = moments.at(-1)?.at ?? 0;
    this.begin = moments[0]?.at ?? 0;
    this.from = this.begin;
    this.at = this.begin;
  }

  /** @returns {Moment | undefined} what stands where it is */
  get moment() {
    return this.moments[this.place];
  }

  /**
   * Move over a part only.
   * @param {number | null} from null for the whole
   */
  stretch(from) {
    this.from = Math.max(from ?? this.begin, this.begin);
    this.seek(this.at);
  }

  toggle() {
    if (this.playing) return this.pause();
    if (this.at >= this.to) this.seek(this.from);
    this.playing = true;
    this.#last = NaN;
    this.#since = 0;
    this.frames(this.#step);
    this.tell(this);
  }

  pause() {
    this.playing = false;
    this.tell(this);
  }

  /** @param {number} instant */
  seek(instant) {
    this.at = Math.min(Math.max(instant, this.from), this.to);
    this.place = at(this.moments, this.at);
    this.tell(this);
  }

  /**
   * Go to an event before or after this one; several may bear the same millisecond.
   * @param {number} way 1 or -1
   */
  hop(way) {
    const first = at(this.moments, this.from);
    const between = way < 0 && this.at > Math.max(this.moment?.at ?? 0, this.from); // back to the event it has passed
    this.place = Math.min(Math.max(this.place + (between ? 0 : way), first), this.moments.length - 1);
    this.at = Math.max(this.moment?.at ?? this.from, this.from);
    this.tell(this);
  }

  #step = (/** @type {number} */ now) => {
    if (!this.playing) return;
    const passed = Math.min(now - this.#last || 0, HOP_MS); // a hidden page stands still
    this.#last = now;
    if (this.speed) this.seek(this.at + passed * this.speed);
    else this.#hops(passed);
    if (this.place === this.moments.length - 1) this.pause();
    else this.frames(this.#step);
  };

  /** @param {number} passed ms */
  #hops(passed) {
    this.#since += passed;
    if (this.#since < HOP_MS) return;
    this.#since = 0;
    this.hop(1);
  }
}
