/** The browser's stores, which may be full or forbidden: then this page alone remembers. */

/**
 * @param {() => Storage} open
 * @returns {Pick<Storage, "getItem" | "setItem" | "removeItem">}
 */
export function store(open) {
  /** @type {Map<string, string | null>} */
  const here = new Map();
  const attempt = (/** @type {(there: Storage) => string | null | void} */ act) => {
    try {
      return act(open()) ?? null;
    } catch {
      return null;
    }
  };
  return {
    getItem: (name) => (here.has(name) ? (here.get(name) ?? null) : attempt((there) => there.getItem(name))),
    setItem: (name, text) => {
      here.set(name, text);
      attempt((there) => there.setItem(name, text));
    },
    removeItem: (name) => {
      here.set(name, null);
      attempt((there) => there.removeItem(name));
    },
  };
}
