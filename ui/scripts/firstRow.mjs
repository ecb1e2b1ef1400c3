// Times the first row of the contacts list in a real browser with nothing cached: from the beginning of
// the navigation to the row on the screen, signed in. Run against a server (RAPPORT_URL, RAPPORT_EMAIL, RAPPORT_PASSWORD);
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
const answer = await first.request.post("/api/v1/session", {
  data: { email, password },
  headers: { "x-rapport-csrf": "1" },
});
if (!answer.ok()) throw new Error(`sign-in answered ${answer.status()}`);
const signedIn = await first.storageState();
await first.close();

/** In the page: notes when the frame with the first row has been shown, in ms since the navigation began. */
function watch() {
  const seen = new MutationObserver(() => {
    if (document.querySelector("[data-row-link]") === null) return;
    seen.disconnect();
    // The frame after next begins once this one is on the screen.
    requestAnimationFrame(() => requestAnimationFrame(() => (window.firstRowAt = performance.now())));
  });
  seen.observe(document, { childList: true, subtree: true });
}

const times = [];
for (let round = 0; round < N_ROUNDS; round += 1) {
  // A context of its own has no cache.
  const context = await browser.newContext({ baseURL: url, storageState: signedIn });
  await context.addInitScript(watch);
  const page = await context.newPage();
  await page.goto("/contacts", { waitUntil: "commit" });
  const shown = await page.waitForFunction(() => window.firstRowAt);
  times.push(await shown.jsonValue());
  await context.close();
}
await browser.close();

times.sort((a, b) => a - b);
const seconds = (at) => (times[at] / 1000).toFixed(3);
console.log(
  `first row after ${seconds((N_ROUNDS - 1) / 2)} s (median of ${N_ROUNDS}; ${seconds(0)} to ${seconds(N_ROUNDS - 1)})`,
);
