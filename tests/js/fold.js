/** Reads {snapshot, step, events} as JSON, writes the round they fold to: driven by tests/pages/auction/test_twins.py. */

import { readFileSync } from "node:fs";

import { after, standing } from "../../static/js/live/round.js";

const { snapshot, step, events } = JSON.parse(readFileSync(0, "utf-8"));
process.stdout.write(JSON.stringify(events.reduce(after, standing(snapshot, step))));
