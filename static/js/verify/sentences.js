/** What a broken rule means, for a terminal; on a page the template says it. */

/** @type {Readonly<Record<string, string>>} */
export const VIOLATIONS = {
  F0: "the file cannot be checked",
  S0: "it is no JSON object of at most 65,535 bytes and four levels",
  S1: "its bytes are not the one form of RFC 8785",
  S2: "its seq is not its place",
  S3: "its prev is not the hash of the line before",
  S4: "it is of another lot than the first line",
  S5: "it was written before the line before it",
  S6: "the record's first line, and no other, has to be of the kind open",
  S7: "its kind is unknown",
  P1: "a field is missing, may not be there or has the wrong type",
  B0: "an amount is no whole number of fen from 1 to 2^53−1",
  B1: "the bid is less than had to be bid",
  B2: "the time is not before the deadline",
  B3: "the bidder was not qualified",
  B5: "the bid of the price itself, or its rank, has no priority to rest on",
  B6: "the code was qualified before",
  B7: "there was a bid while the bidding was suspended",
  B8: "the bid came before the bidding began",
  B9: "the bid came in after it was recorded",
  B10: "the bid was recorded more than six seconds after it came in",
  E1: "the deadline is not what the rule of five minutes makes it",
  E2: "the suspension, or what it gave back, is not right",
  E3: "fewer than five minutes were given after the suspension",
  C1: "the auction has no end, or more than one",
  C2: "this may not come now",
  C3: "it was closed less than two seconds after the deadline",
  C5: "it was closed while suspended",
  C6: "winner and price are not those of the last bid",
  C7: "its deadline is not the one in force",
  L1: "the checkpoint is not one the log and its known witnesses signed",
  L2: "nothing proves that the line is in the log",
  L3: "the log has it before the line before",
  L4: "too few witnesses cosigned",
  L5: "the log is not a continuation of the checkpoint that was kept, or nothing proves it",
  R1: "the receipt is not genuine",
  R2: "the record does not hold the bid as the receipt has it",
  R3: "the record holds a bid that was refused",
  R4: "a bid in time was refused as late",
  R5: "the receipt names another log than this one, or than another receipt",
  R6: "what the receipt promised to put in the log is not there after the promised delay",
  D1: "what was published is not what the record names",
  I2: "the identity of one who did not win was opened, or the winner's before the end",
  I1: "the opened identity is not the one committed to, or not the winner's",
};

/** @type {Readonly<Record<string, string>>} */
export const REMARKS = {
  C4: "it was closed more than a minute after the deadline",
  L1: "the log was not asked: there is a record and no more, or no Ed25519 to check signatures with",
  L4: "the policy asks for no witness",
  R1: "receipts were not asked: there is no Ed25519 to check signatures with",
  R3: "the refusal is of another lot",
};

/**
 * @param {Readonly<Record<string, string>>} sentences
 * @param {import("./findings.js").Finding} finding
 */
export function said(sentences, { rule, line, what }) {
  return { rule, line, text: (sentences[rule] ?? "") + (what && ` (${what})`) };
}
