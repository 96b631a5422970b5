/** What this browser keeps for good, in IndexedDB; where that is full or forbidden, this page alone remembers. */

const DATABASE = "judicial-auction";
const STORE = "receipts";

/** @typedef {{ name: string, key: string, one: any }} Kept */

/**
 * Open the browser's database, made if there is none.
 * @returns {Promise<IDBDatabase>}
 */
export function opened() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(DATABASE, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore(STORE, { keyPath: ["name", "key"] }).createIndex("name", "name");
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

export class Shelf {
  /** @type {Map<string, Kept>} what the browser would not keep */
  #here = new Map();

  /** @param {() => Promise<IDBDatabase>} open */
  constructor(open = opened) {
    this.there = open().catch(() => null);
  }

  /**
   * Return all that is kept under a name, in no order.
   * @param {string} name
   * @returns {Promise<any[]>}
   */
  async all(name) {
    const database = await this.there;
    const here = [...this.#here.values()].filter((kept) => kept.name === name);
    const there = database ? await listed(database, name).catch(() => []) : [];
    return [...there.filter(({ key }) => !this.#here.has(id(name, key))), ...here].map(({ one }) => one);
  }

  /**
   * Keep what a change makes of what was kept; of two changes at once, in two tabs, none is lost.
   * @param {string} name
   * @param {string} key
   * @param {(known: any) => any} change
   * @returns {Promise<boolean>} whether it will be there after the page is left
   */
  async change(name, key, change) {
    const database = await this.there;
    try {
      if (!database) throw new Error();
      await changed(database, name, key, change);
      return true;
    } catch {
      this.#here.set(id(name, key), { name, key, one: change(this.#here.get(id(name, key))?.one) });
      return false;
    }
  }
}

/**
 * @param {string} name
 * @param {string} key
 */
function id(name, key) {
  return JSON.stringify([name, key]);
}

/**
 * @param {IDBDatabase} database
 * @param {string} name
 * @returns {Promise<Kept[]>}
 */
function listed(database, name) {
  return new Promise((resolve, reject) => {
    const asked = database.transaction(STORE).objectStore(STORE).index("name").getAll(name);
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

/**
 * Read, change and write in one transaction, which is on the disk when this is done.
 * @param {IDBDatabase} database
 * @param {string} name
 * @param {string} key
 * @param {(known: any) => any} change
 * @returns {Promise<void>}
 */
function changed(database, name, key, change) {
  return new Promise((resolve, reject) => {
    const act = database.transaction(STORE, "readwrite", { durability: "strict" });
    const store = act.objectStore(STORE);
    const asked = store.get([name, key]);
    asked.onsuccess = () => void store.put({ name, key, one: change(asked.result?.one) });
    act.oncomplete = () => resolve();
    act.onabort = () => reject(act.error);
  });
}
