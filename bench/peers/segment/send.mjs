// Sends events by Segment's library for Node.js, as its users do, through a proxy that fails, and prints
// what became of them as one JSON object.
//
//   node send.mjs --target http://127.0.0.1:7070 --key WRITE_KEY --events 5000 --people 50 --seed 1
import { parseArgs } from "node:util";

import { Analytics } from "@segment/analytics-node";

import { startProxy } from "./proxy.mjs";

/** How long the library waits for an answer, and how much later the latest requests are passed on. */
const PATIENCE_MS = 2_000;
const LATE_MS = 2_500;
/** How long all of it may take. */
const DEADLINE_MS = 10 * 60_000;

const { values } = parseArgs({
  options: {
    target: { type: "string" },
    key: { type: "string" },
    events: { type: "string", default: "5000" },
    people: { type: "string", default: "50" },
    seed: { type: "string", default: "1" },
  },
});
const nEvents = Number(values.events);
const nPeople = Number(values.people);

const proxy = await startProxy({
  target: values.target,
  seed: Number(values.seed),
  lateMs: LATE_MS,
});
const analytics = new Analytics({
  writeKey: values.key,
  host: proxy.url,
  flushAt: 20,
  flushInterval: 500,
  httpRequestTimeout: PATIENCE_MS,
});

let nRequests = 0;
let nDelivered = 0;
const failures = [];
const settle = (error) => {
  if (error) {
    failures.push(String(error));
  } else {
    nDelivered += 1;
  }
};
analytics.on("http_request", () => {
  nRequests += 1;
});

const begun = Date.now();
for (let person = 0; person < nPeople; person += 1) {
  const userId = `user-${person}`;
  const traits = {
    email: `user${person}@users.example.com`,
    name: `User ${person}`,
  };
  analytics.identify({ userId, traits }, settle);
}
for (let idx = 0; idx < nEvents; idx += 1) {
  const userId = `user-${idx % nPeople}`;
  const properties = { title: `event-0-0-${idx}`, product_id: `p-${idx % 97}` };
  analytics.track({ userId, event: "Product Viewed", properties }, settle);
  // As a program does that also works, instead of filling its memory at once.
  if (idx % 100 === 99) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
await analytics.closeAndFlush({ timeout: DEADLINE_MS });
await proxy.close();

const result = {
  sent: nPeople + nEvents,
  delivered: nDelivered,
  failed: failures.length,
  failures: [...new Set(failures)].slice(0, 5),
  requests: nRequests,
  seconds: (Date.now() - begun) / 1000,
  proxy: proxy.counts,
};
console.log(JSON.stringify(result));
