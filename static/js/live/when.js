/** Instants as the page writes them: China Standard Time, always. */

const FORMAT = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Asia/Shanghai",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});

/**
 * Return 11-23 13:05:09.
 * @param {number} ms since 1970
 */
export function instant(ms) {
  const part = Object.fromEntries(FORMAT.formatToParts(ms).map(({ type, value }) => [type, value]));
  return `${part["month"]}-${part["day"]} ${part["hour"]}:${part["minute"]}:${part["second"]}`;
}
