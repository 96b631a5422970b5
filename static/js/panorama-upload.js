/**
 * `<panorama-upload>`: sends the chosen pictures one after another, each with its progress, and reveals the page's own
 * sentence for one that is refused. Says `panorama:received` after each picture that became a scene,
 * `photo:received` after each that became a photograph.
 *
 * @typedef {{name: string, state: string, fault: string, scene: number | null, photo?: number}} Result
 */

class PanoramaUpload extends HTMLElement {
  /** @type {{file: File, row: HTMLElement}[]} */
  #waiting = [];
  #sending = false;

  connectedCallback() {
    const form = this.querySelector("form");
    form?.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#take();
    });
    form?.addEventListener("change", () => this.#take());
    this.querySelector("[data-part='send']")?.setAttribute("hidden", "");
    this.addEventListener("dragover", (event) => event.preventDefault());
    this.addEventListener("drop", (event) => {
      event.preventDefault();
      this.#queue(event.dataTransfer?.files);
    });
  }

  /** Take what the file field holds and empty it for the next choice. */
  #take() {
    const field = this.querySelector("input[type='file']");
    if (!(field instanceof HTMLInputElement)) return;
    this.#queue(field.files);
    field.value = "";
  }

  /** @param {FileList | null | undefined} files */
  #queue(files) {
    for (const file of files ?? []) {
      const row = this.#row(file);
      if (row) this.#waiting.push({ file, row });
    }
    void this.#sendAll();
  }

  /** @param {File} file @returns {HTMLElement | null} */
  #row(file) {
    const template = this.querySelector("template[data-part='row']");
    if (!(template instanceof HTMLTemplateElement)) return null;
    const row = template.content.firstElementChild?.cloneNode(true);
    if (!(row instanceof HTMLElement)) return null;
    for (const place of row.querySelectorAll("[data-field='name']")) place.textContent = file.name;
    this.querySelector("[data-part='rows']")?.append(row);
    show(row, "waiting", "");
    return row;
  }

  async #sendAll() {
    if (this.#sending) return;
    this.#sending = true;
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      show(next.row, "sending", "");
      const result = await this.#send(next.file, next.row);
      show(next.row, result?.state ?? "failed", result?.fault ?? "");
      if (result?.scene) this.dispatchEvent(new CustomEvent("panorama:received", { bubbles: true }));
      if (result?.photo) this.dispatchEvent(new CustomEvent("photo:received", { bubbles: true }));
    }
    this.#sending = false;
  }

  /**
   * Send one picture; a request with progress is still only to be had from XMLHttpRequest.
   * @param {File} file
   * @param {HTMLElement} row
   * @returns {Promise<Result | null>}
   */
  #send(file, row) {
    const form = /** @type {HTMLFormElement} */ (this.querySelector("form"));
    const body = new FormData(form);
    body.set("pictures", file);
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", ({ loaded, total }) => advance(row, loaded / total));
    return new Promise((resolve) => {
      request.addEventListener("loadend", () => resolve(answered(request)));
      request.open("POST", form.action);
      request.setRequestHeader("Accept", "application/json");
      request.send(body);
    });
  }
}

/** @param {XMLHttpRequest} request @returns {Result | null} */
function answered(request) {
  if (request.status !== 200) return null;
  try {
    return JSON.parse(request.responseText).pictures[0] ?? null;
  } catch {
    return null;
  }
}

/** @param {HTMLElement} row @param {number} share */
function advance(row, share) {
  const bar = row.querySelector("progress");
  if (bar) bar.value = Math.round(share * bar.max);
}

/**
 * Show a row's state and, if it was refused, why.
 * @param {HTMLElement} row
 * @param {string} state
 * @param {string} fault
 */
function show(row, state, fault) {
  row.dataset["state"] = state;
  for (const each of row.querySelectorAll("[data-when]")) {
    each.toggleAttribute("hidden", !(each.getAttribute("data-when") ?? "").split(" ").includes(state));
  }
  for (const each of row.querySelectorAll("[data-fault]")) {
    each.toggleAttribute("hidden", each.getAttribute("data-fault") !== fault);
  }
  row.querySelector("progress")?.toggleAttribute("hidden", state !== "sending");
}

customElements.define("panorama-upload", PanoramaUpload);
