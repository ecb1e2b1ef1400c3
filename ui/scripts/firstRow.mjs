// Times the first row of the contacts list in a real browser with nothing cached: from the address to the
// row on the screen, signed in. Run against a server (RAPPORT_URL, RAPPORT_EMAIL, RAPPORT_PASSWORD);
// RAPPORT_CHROMIUM names the browser, as for the stories.
import { chromium } from "@playwright/test";

const N_ROUNDS = 9;
const { RAPPORT_URL: url, RAPPORT_EMAIL: email, RAPPORT_PASSWORD: password } = process.env;
if (!url || !email || !password) {
  console.error("set RAPPORT_URL, RAPPORT_EMAIL and RAPPORT_PASSWORD; `rapport demo` prints all three");
  process.exit(2);
}

const browser = await chromium.launch({
  executablePath: process.env.RAPPORT_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
const first = await browser.newContext({ baseURL: url });
const answer = await first.request.post("/api/v1/session", { data: { email, password } });
if (!answer.ok()) throw new Error(`sign-in answered ${answer.status()}`);
const signedIn = await first.storageState();
await first.close();

const times = [];
for (let round = 0; round < N_ROUNDS; round += 1) {
  // A context of its own has no cache.
  const context = await browser.newContext({ baseURL: url, storageState: signedIn });
  const page = await context.newPage();
  const started = performance.now();
  await page.goto("/contacts", { waitUntil: "commit" });
  await page.locator("[data-row-link]").first().waitFor({ state: "visible" });
  times.push(performance.now() - started);
  await context.close();
}
await browser.close();

times.sort((a, b) => a - b);
const seconds = (at) => (times[at] / 1000).toFixed(3);
console.log(
  `first row after ${seconds((N_ROUNDS - 1) / 2)} s (median of ${N_ROUNDS}; ${seconds(0)} to ${seconds(N_ROUNDS - 1)})`,
);
