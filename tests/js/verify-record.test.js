import assert from "node:assert/strict";
import { test } from "node:test";

import { checkRecord } from "../../static/js/verify/verify.js";
import { auction, COMMIT, END, jcs, lines, record, START } from "./verify-build.js";

/** What a record is found to break: "RULE line", sorted. */
async function found(bytes, given) {
  const verdict = await checkRecord(bytes, given);
  assert.equal(verdict.ok, verdict.violations.length === 0);
  return verdict.violations.map(({ rule, line }) => `${rule} ${line}`).sort();
}

/** Change one leaf (by its place) of the sound auction. */
function changed(place, change) {
  return auction().map((leaf, at) => (at + 1 === place ? { ...leaf, ...change } : leaf));
}

/** Replace one line's text. */
function rewritten(place, rewrite) {
  const sound = lines(auction());
  return auction().map((leaf, at) => (at + 1 === place ? rewrite(sound[at]) : leaf));
}

function without(...places) {
  return auction().filter((_, at) => !places.includes(at + 1));
}

/** Put leaves behind a place; what stands behind is not changed but for its seq. */
function inserted(place, ...leaves) {
  const sound = auction();
  return [...sound.slice(0, place), ...leaves, ...sound.slice(place)];
}

const LAST = auction().at(-1).t;
const CLOSE = auction()[10];
const GO = auction()[8].t;
const STOPPED = auction()[7].t;
const whileSuspended = { ...auction()[9], code: "BBBB", cid: "x", amount: 106_000, t: STOPPED, in_t: STOPPED, deadline: STOPPED + 300_000 };
const qualify = (code, t = START) => ({ kind: "qualify", t, code, commit: "x" });

/** What is done to a sound auction, and every rule it then breaks. */
const MUTANTS = [
  ["nothing", auction(), ""],
  ["a line that is no JSON", rewritten(4, () => "{"), "S0 4"],
  ["an empty line", rewritten(4, () => ""), "S0 4"],
  ["a line of JSON that is no object", rewritten(4, () => "[]"), "S0 4"],
  ["a BOM before the object", rewritten(4, (line) => `\ufeff${line}`), "S0 4"],
  ["NaN", rewritten(4, (line) => line.replace('"v":1', '"v":NaN')), "S0 4"],
  ["a number with a leading zero", rewritten(4, (line) => line.replace('"v":1', '"v":01')), "S0 4"],
  ["a control character within a text", rewritten(4, (line) => line.replace("opened", "ope\u0001ned")), "S0 4"],
  ["a line of 65,535 bytes", changed(12, { reason: "x".repeat(65_535 - lines(auction())[11].length - 12) }), ""],
  ["a line of 65,536 bytes", changed(12, { reason: "x".repeat(65_536 - lines(auction())[11].length - 12) }), "S0 12"],
  ["nesting four deep", changed(12, { opening: [[[1]]] }), ""],
  ["nesting five deep", changed(12, { opening: [[[[1]]]] }), "S0 12"],
  ["nesting deep where a later value counts", rewritten(12, (line) => line.replace("{", '{"t":[[[[]]]],')), "S0 12"],
  ["white space", rewritten(4, (line) => `${line} `), "S1 4"],
  ["a carriage return", rewritten(4, (line) => `${line}\r`), "S1 4"],
  ["names in another order", rewritten(4, (line) => line.replace(/^\{("about":"opened"),(.*)\}$/, "{$2,$1}")), "S1 4"],
  ["names sorted by code points, not by UTF-16", rewritten(12, (line) => line.replace("}", ',"\uff5e":1,"😀":1}')), "P1 12,S1 12"],
  ["names sorted by UTF-16", changed(12, { "😀": 1, "\uff5e": 1 }), "P1 12"],
  ["a name given twice", rewritten(4, (line) => line.replace("{", '{"about":"opened",')), "S1 4"],
  ["a name given twice, the last counting", rewritten(4, (line) => line.replace('"opened"', '"opened","about":5')), "P1 4,S1 4"],
  ["an escape nobody needs", rewritten(4, (line) => line.replace("opened", "\\u006fpened")), "S1 4"],
  ["an escape everybody needs", changed(12, { reason: 'a"\\\n\u001f\u2028é' }), ""],
  ["a lone surrogate", rewritten(12, (line) => line.replace("confirmed", "\\ud800")), "S1 12"],
  ["a fraction where anything may be", changed(12, { reason: 1.5 }), "S1 12"],
  ["an integer beyond 2^53−1 where anything may be", rewritten(12, (line) => line.replace('"kind"', '"digest":9007199254740992,"kind"')), "S1 12"],
  ["the largest integer where anything may be", changed(12, { digest: -(2 ** 53 - 1) }), ""],
  ["1.0 as an integer", rewritten(5, (line) => line.replace('"v":1', '"v":1.0')), "P1 5,S1 5"],
  ["an amount of 1e5", rewritten(5, (line) => line.replace("100000", "1e5")), "B0 5,S1 5"],
  ["an amount of −0", rewritten(5, (line) => line.replace("100000", "-0")), "B0 5,S1 5"],
  ["an amount of 2^53", rewritten(5, (line) => line.replace("100000", "9007199254740992")), "B0 5,S1 5"],
  ["an amount of 5,000 digits", rewritten(5, (line) => line.replace("100000", "9".repeat(5000))), "B0 5,S1 5"],
  ["__proto__ as a name", rewritten(12, (line) => line.replace("{", '{"__proto__":{"v":1},')), "P1 12"],
  ["a wrong seq", changed(12, { seq: 13 }), "S2 12"],
  ["a seq that is text", changed(12, { seq: "12" }), "P1 12,S2 12"],
  ["no seq", changed(12, { seq: undefined }), "P1 12,S2 12"],
  ["a wrong prev", changed(12, { prev: "0".repeat(64) }), "S3 12"],
  ["a first prev that is not zero", changed(1, { prev: "1".repeat(64) }), "S3 1"],
  ["a prev in capitals", changed(12, { prev: "A".repeat(64) }), "S3 12"],
  ["another lot", changed(12, { lot: 8 }), "S4 12"],
  ["a lot that is text", changed(12, { lot: "7" }), "P1 12,S4 12"],
  ["another first lot", changed(1, { lot: 8 }), lines(auction()).slice(1).map((_, at) => `S4 ${at + 2}`).join()],
  ["a time before the one before", changed(12, { t: CLOSE.t - 1 }), "S5 12"],
  ["the same time", changed(12, { t: CLOSE.t }), ""],
  ["a time that is none, then an earlier one", inserted(12, { kind: "note", about: "x", t: "x" }, { kind: "note", about: "x", t: 1 }), "P1 13,S5 14"],
  ["two openings", inserted(1, { ...auction()[0], ext_ms: 1, start: 1, deadline: 0 }), "S6 2"],
  ["no opening", without(1), "S6 1"],
  ["a first line that is no JSON, then an opening", ["x", ...auction()], "S0 1,S6 2"],
  ["an unknown kind", changed(12, { kind: "party" }), "S7 12"],
  ["no kind, in the first line", changed(1, { kind: undefined }), "S6 1,S7 1"],
  ["a kind that is an object's own", changed(12, { kind: "constructor" }), "S7 12"],
  ["a needed field missing", changed(12, { about: undefined }), "P1 12"],
  ["a field that may not be", changed(12, { amount: "x" }), "P1 12"],
  ["another version", changed(12, { v: 2 }), "P1 12"],
  ["a version that is true", changed(12, { v: true }), "P1 12"],
  ["a deadline of a note that is text", changed(12, { deadline: "x" }), "P1 12"],
  ["a code of a note that is none", changed(12, { code: 5, price: "x" }), ""],
  ["ranks that are no list", changed(1, { ranks: 1 }), "P1 1"],
  ["ranks that are no integers", changed(1, { ranks: ["1"] }), "P1 1"],
  ["a winner that is a number", changed(11, { winner: 5 }), "C1 0,P1 11"],
  ["an amount of nothing", changed(10, { amount: 0 }), "B0 10,C6 11,C7 11"],
  ["a start that is text", changed(1, { start: "1" }), "B0 1"],
  ["a start missing", changed(1, { start: undefined }), "P1 1"],
  ["a step of 0 and a round of anything", changed(1, { step: 0, round: {} }), "B0 1"],
  ["an amount and another field wrong", changed(12, { kind: "bid", about: undefined, code: 5, cid: "c", amount: -1, in_t: 1, deadline: 1 }), "B0 12,P1 12"],
  ["a start nobody bid", changed(5, { amount: 99_999 }), "B1 5"],
  ["a raise by less than the step", changed(10, { amount: 109_999 }), "B1 10,C6 11"],
  ["an opening end before its start", changed(1, { deadline: START }), "B2 1,B2 5,E1 5"],
  ["a bid at the deadline", changed(10, { in_t: GO + 300_000, t: GO + 300_000, deadline: GO + 600_000 }), "B2 10,C3 11,C7 11"],
  ["a bid by nobody qualified", changed(10, { code: "CCCC" }), "B3 10,C6 11"],
  ["a bid before its qualification", [...without(3).slice(0, 4), qualify("BBBB", START + 1_020), ...auction().slice(5)], "B3 4"],
  ["the price bid without a rank", changed(7, { rank: undefined }), "B5 7"],
  ["the price bid with a rank not offered", changed(7, { rank: 3 }), "B5 7"],
  ["the price bid with any rank where none is told", changed(7, { rank: 3 }).map((leaf, at) => (at ? leaf : { ...leaf, ranks: [] })), ""],
  ["the price bid over one of a better rank", inserted(7, { ...auction()[6], code: "BBBB", cid: "x", rank: 2, }), "B5 8"],
  ["a rank other than the first", inserted(7, { ...auction()[6], cid: "x", rank: 2 }), "B5 8"],
  ["a rank other than the first, after the end", inserted(11, { ...auction()[9], t: LAST, rank: 2 }).slice(0, 12), "B5 12,C2 12"],
  ["a rank with a higher bid", changed(10, { rank: 1 }), "P1 10"],
  ["a rank told later counts before", changed(6, { amount: 105_000 }).map((leaf, at) => (at === 9 ? { ...leaf, code: "BBBB", rank: 1, amount: 105_000 } : leaf)), "B5 7,B5 10,C6 11"],
  ["a code qualified twice", inserted(3, qualify("AAAA", START - 40_000)), "B6 4"],
  ["a bid while suspended", inserted(8, whileSuspended), "B1 11,B1 9,B7 9"],
  ["a bid before the start", changed(5, { in_t: START - 1 }), "B8 5"],
  ["a bid that came in after its record", changed(5, { in_t: START + 1_021 }), "B9 5"],
  ["a bid six seconds on its way", changed(5, { in_t: START, t: START + 6_000 }), ""],
  ["a bid longer on its way", changed(5, { in_t: START, t: START + 6_001 }), "B10 5"],
  ["a bid that does not move the end", changed(10, { deadline: GO + 300_000 }), "C7 11,E1 10"],
  ["a bid five minutes before the end, to the millisecond", changed(5, { in_t: END - 300_000, t: END - 300_000 }), ""],
  ["a bid that moves the end too early", changed(5, { in_t: START + 1_000, deadline: END + 1 }), "E1 5"],
  ["another extension", changed(1, { ext_ms: 200_000 }), "E1 1,E1 10,E1 6,E1 7"],
  ["another extension in practice", [{ ...auction()[0], ext_ms: 1_000, practice: true }], "C1 0"],
  ["another extension in a practice of 1", [{ ...auction()[0], ext_ms: 1_000, practice: 1 }], "C1 0,E1 1"],
  ["a suspension within one", inserted(8, auction()[7]), "E2 9"],
  ["a resumption of nothing", inserted(9, auction()[8]), "E2 10"],
  ["a resumption that gives too little back", changed(8, { since: auction()[7].since - 400_000 }), "E2 9"],
  ["a suspension without since", changed(8, { since: undefined }), ""],
  ["a resumption of less than five minutes", changed(9, { deadline: GO + 299_999 }), "E3 9"],
  ["no end", without(11, 12), "C1 0"],
  ["two ends", inserted(11, { ...CLOSE, price: 1 }), "C1 12"],
  ["a void after the end", inserted(11, { kind: "void", t: CLOSE.t, reason: "x" }), "C1 12"],
  ["a void", [...without(11, 12), { kind: "void", t: LAST, reason: "x" }], ""],
  ["a qualification after the end", inserted(12, qualify("CCCC", LAST)), "C2 13"],
  ["opened twice", inserted(4, { kind: "note", t: START, about: "opened" }), "C2 5"],
  ["opened after the end", inserted(12, { kind: "note", t: LAST, about: "opened" }), "C2 13"],
  ["the winner's identity opened", inserted(12, { kind: "note", t: LAST, about: "opening", code: "AAAA" }), ""],
  ...[{ code: "BBBB" }, { code: null }, { code: ["AAAA"] }, {}].map((one) => [
    `an identity opened that is not the winner's (${JSON.stringify(one)})`, inserted(12, { kind: "note", t: LAST, about: "opening", ...one }), "I2 13",
  ]),
  ["the winner's identity opened before the end", inserted(10, { kind: "note", t: auction()[9].t, about: "opening", code: "AAAA" }), "I2 11"],
  ["opened after the end, never having been open", [auction()[0], { kind: "void", t: LAST, reason: "x" }, { kind: "note", t: LAST, about: "opened" }], "C2 3"],
  ["a close too early", changed(11, { t: CLOSE.deadline + 1_999 }), "C3 11"],
  ["a close while suspended", [...without(9, 10, 11, 12), { ...CLOSE, price: 105_000, deadline: auction()[6].deadline }], "C5 9"],
  ["another winner", changed(11, { winner: "BBBB" }), "C6 11"],
  ["another price", changed(11, { price: 110_001 }), "C6 11"],
  ["no winner", changed(11, { winner: null, price: null }), "C6 11"],
  ["nobody bid", [...auction().slice(0, 4), { kind: "close", t: END + 2_000, winner: null, price: null, deadline: END }], ""],
  ["another last deadline", changed(11, { deadline: CLOSE.deadline - 1 }), "C7 11"],
  ["a commitment nobody reads", changed(3, { commit: COMMIT }), ""],
];

for (const [name, leaves, rules] of MUTANTS) {
  test(`${name}: ${rules || "sound"}`, async () => {
    assert.deepEqual(await found(record(leaves)), rules.split(",").filter(Boolean).sort());
  });
}

const raw = (bytes) => new Uint8Array(Buffer.concat([Buffer.from(bytes), Buffer.from("\n")]));

for (const [name, bytes, rules] of [
  ["an empty record", new Uint8Array(), ["F0 0"]],
  ["a record that does not end its last line", record(auction()).subarray(0, -1), ["F0 0"]],
  ["a record of more than 64 MiB", new Uint8Array(64 * 2 ** 20 + 1).fill(10), ["F0 0"]],
  ["a record of more than 200,000 lines", new Uint8Array(200_001).fill(10), ["F0 0"]],
  ["bytes that are no UTF-8", raw([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), ["C1 0", "S0 1"]],
  ["a surrogate in UTF-8", raw([0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d]), ["C1 0", "S0 1"]],
]) {
  test(name, async () => assert.deepEqual(await found(bytes), rules));
}

test("a round that is running needs no end", async () => {
  assert.deepEqual(await found(record(auction().slice(0, 10)), { running: true }), []);
});

test("a close more than a minute late is remarked on", async () => {
  const { ok, remarks } = await checkRecord(record(changed(11, { t: CLOSE.deadline + 60_001 }).slice(0, 11)));

  assert.equal(ok, true);
  assert.deepEqual(remarks.map(({ rule, line }) => [rule, line]), [["C4", 11], ["L1", 0]]);
});

test("no more than 1,000 violations are listed, by line and by rule", async () => {
  const verdict = await checkRecord(new Uint8Array(Buffer.from("{}\n".repeat(900))));

  assert.equal(verdict.count, 1 + 900 * 3 + 1);
  assert.equal(verdict.violations.length, 1000);
  assert.deepEqual(verdict.violations.slice(0, 5).map(({ rule, line }) => `${rule} ${line}`), ["C1 0", "S2 1", "S3 1", "S6 1", "S7 1"]);
});

test("the summary says what stands", async () => {
  const { summary } = await checkRecord(record(auction()));

  const { deadline, t } = CLOSE;
  const told = { lot: 7, leaves: 12, bids: 4, winner: "AAAA", price: 110_000, deadline, ended_t: t };
  assert.deepEqual(summary, { ...told, origin: null, size: null, root: null, witnesses: [] });
});

test("what is deep is refused without being descended into", async () => {
  const line = `{"a":${"[".repeat(60_000)}`;
  assert.deepEqual(await found(raw(line)), ["C1 0", "S0 1"]);
});

test("the builder writes as RFC 8785 does", () => {
  assert.equal(jcs({ "\u20ac": 1, "\r": 2, 1: 3, "😀": 4, "\u0080": 5 }), '{"\\r":2,"1":3,"\u0080":5,"€":1,"😀":4}');
});
