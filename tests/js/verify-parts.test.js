import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { GROUPS } from "../../static/js/verify/groups.js";
import { readNote } from "../../static/js/verify/note.js";
import { REMARKS, VIOLATIONS } from "../../static/js/verify/sentences.js";
import { sha256 } from "../../static/js/verify/sha256.js";
import { isConsistent, rootOf } from "../../static/js/verify/tree.js";
import { auction, consistencyOf, files, leafHash, pathOf, record, rootOf as built, zip } from "./verify-build.js";

const CLI = fileURLToPath(new URL("../../static/js/verify/cli.js", import.meta.url));

test("SHA-256 is the platform's for every length to 300", () => {
  for (let length = 0; length <= 300; length++) {
    const bytes = Uint8Array.from({ length }, (_, at) => (at * 7 + length) & 255);
    assert.equal(Buffer.from(sha256(bytes)).toString("hex"), createHash("sha256").update(bytes).digest("hex"));
  }
});

test("every path and every consistency proof of trees to 20 leaves leads to the root, and no other", () => {
  const leaves = Array.from({ length: 20 }, (_, at) => `leaf ${at}`);
  const as = (hash) => new Uint8Array(hash);
  for (let size = 1; size <= leaves.length; size++) {
    const [some, root] = [leaves.slice(0, size), as(built(leaves.slice(0, size)))];
    for (let index = 0; index < size; index++) {
      const path = pathOf(index, some).map(as);
      assert.deepEqual(rootOf(as(leafHash(leaves[index])), index, size, path), root);
      assert.notDeepEqual(rootOf(as(leafHash(leaves[index])), index + 1, size, path), root);
      if (path.length) assert.equal(rootOf(as(leafHash(leaves[index])), index, size, path.slice(0, -1)), null);
      const first = { size: index + 1, root: as(built(leaves.slice(0, index + 1))) };
      const proof = consistencyOf(index + 1, some).map(as);
      assert.equal(isConsistent(first, { size, root }, proof), true);
      if (proof.length) assert.equal(isConsistent(first, { size, root }, proof.slice(1)), false);
    }
  }
});

test("a note ends its text at the last empty line", () => {
  const note = readNote(new Uint8Array(Buffer.from("one\n\ntwo\n\n— a.example AAAAAAA=\n")));
  assert.equal(note?.text, "one\n\ntwo\n");
});

test("every rule has a sentence, a group, and its words in the page", () => {
  const page = readFileSync(new URL("../../templates/auction/lot_check_words.html", import.meta.url), "utf-8");
  const said = [...page.matchAll(/data-rule="(\w+)"/g)].map(([, rule]) => rule).sort();
  const grouped = Object.values(GROUPS).flat().sort();
  assert.deepEqual(grouped, Object.keys(VIOLATIONS).sort());
  assert.deepEqual(said, grouped);
  assert.ok(Object.keys(REMARKS).length);
});

test("the terminal answers with a line a violation, one of summary, and a code", () => {
  const folder = mkdtempSync(join(tmpdir(), "verify-"));
  const [sound, broken] = [join(folder, "sound.zip"), join(folder, "broken.jsonl")];
  writeFileSync(sound, zip(files()));
  writeFileSync(broken, record(auction().slice(0, 10)));
  const run = (...words) => {
    try {
      return [0, execFileSync(process.execPath, [CLI, ...words], { encoding: "utf-8", stdio: "pipe" })];
    } catch (error) {
      return [error.status, error.stdout];
    }
  };

  assert.match(run(sound)[1], /^no rule is broken: lot 7, 12 lines, 4 bids, winner AAAA, price 110000 fen\n$/);
  assert.match(run(broken)[1], /^C1 line 0: [^\n]+\nremark L1 line 0: [^\n]+\n1 violations: /);
  assert.deepEqual([run(sound)[0], run(broken)[0], run()[0], run("--what", sound)[0]], [0, 1, 2, 2]);
  assert.equal(JSON.parse(run("--json", "--running", broken)[1]).ok, true);
  rmSync(folder, { recursive: true });
});

test("a batch is answered line by line", () => {
  const input = [record(auction()), record(auction().slice(0, 10)), new Uint8Array()]
    .map((bytes) => `${Buffer.from(bytes).toString("base64")}\n`)
    .join("");
  const output = execFileSync(process.execPath, [CLI, "--batch"], { input, encoding: "utf-8" });
  const rules = output.trimEnd().split("\n").map((line) => JSON.parse(line).violations.map(({ rule }) => rule));
  assert.deepEqual(rules, [[], ["C1"], ["F0"]]);
});
