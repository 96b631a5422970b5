import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { capitals, parse, plain, price } from "../../static/js/live/money.js";

/** Read by tests/rules/auction/test_money_twins.py too: the page and the server must agree. */
const TWINS = JSON.parse(readFileSync(new URL("money.json", import.meta.url), "utf-8"));

for (const [text, fen] of TWINS.parse) {
  test(`"${text}" is read as ${fen}`, () => assert.equal(parse(text), fen));
}

for (const [fen, text] of TWINS.price) {
  test(`${fen} fen are shown as ${text}`, () => assert.equal(price(fen), text));
}

for (const [fen, text] of TWINS.capitals) {
  test(`${fen} fen are written ${text}`, () => assert.equal(capitals(fen), text));
}

test("what is offered in the box can be read back", () => {
  for (const fen of [0, 1, 10, 99, 100, 123456, 100000000]) assert.equal(parse(plain(fen)), fen);
});
