/** What every page has: countdowns. */
import "./count-down.js";
