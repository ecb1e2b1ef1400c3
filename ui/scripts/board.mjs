// Counts what stalls a board of 10,000 deals: tasks of the main thread above 50 ms, step by step (opening it,
// scrolling a column, scrolling sideways, carrying a card by the pointer and by keys), in a real browser. Run
// against a server (RAPPORT_URL, RAPPORT_EMAIL, RAPPORT_PASSWORD); the deals are made on the first run there.
// RAPPORT_CHROMIUM names the browser, as for the stories; RAPPORT_PROFILE a folder for profiles and traces of the
// steps, for a look by hand: profiling itself slows the page down. On a machine that does other work, too, the time of
// a processor says what the page itself takes; the clock counts also the waiting.
import { chromium } from "@playwright/test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

const N_DEALS = 10_000;
const N_ROUNDS = 3;
/** Tasks that are told of, the longest. */
const N_SHOWN = 5;
/** What is traced: the tasks, and what they do. */
const CATEGORIES = ["toplevel", "disabled-by-default-devtools.timeline", "devtools.timeline", "__metadata"];
const PIPELINE = `Board of ${N_DEALS} deals`;
const STAGES = [
  { name: "Talks", outcome: "open", probability: 0.2 },
  { name: "Offer", outcome: "open", probability: 0.5 },
  { name: "Review", outcome: "open", probability: 0.8 },
  { name: "Won", outcome: "won", probability: 1 },
  { name: "Lost", outcome: "lost", probability: 0 },
];

const { RAPPORT_URL: url, RAPPORT_EMAIL: email, RAPPORT_PASSWORD: password } = process.env;
const profiles = process.env.RAPPORT_PROFILE;
if (!url || !email || !password) {
  console.error("set RAPPORT_URL, RAPPORT_EMAIL and RAPPORT_PASSWORD; `rapport demo` prints all three");
  process.exit(2);
}

const browser = await chromium.launch({
  executablePath: process.env.RAPPORT_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
const first = await browser.newContext({ baseURL: url });
const headers = { "x-rapport-csrf": "1", origin: new URL(url).origin };
await ask("/session", { email, password });
const pipeline = await ready();
const signedIn = await first.storageState();
await first.close();

async function ask(path, data) {
  const address = `/api/v1${path}`;
  const answer = data
    ? await first.request.post(address, { data, headers })
    : await first.request.get(address);
  if (!answer.ok()) throw new Error(`${path} answered ${answer.status()}: ${await answer.text()}`);
  return answer.json();
}

/** The pipeline with its deals, made where it is not there yet. */
async function ready() {
  const known = (await ask("/pipelines")).pipelines.find(({ name }) => name === PIPELINE);
  if (known) return known;
  const made = await ask("/pipelines", { name: PIPELINE, stages: STAGES });
  const rows = Array.from({ length: N_DEALS }, (_, i) => {
    const stage = STAGES[i % STAGES.length].name;
    return `board-${i},Deal ${i},${PIPELINE},${stage},${i + 1}.00,EUR`;
  });
  const file = ["deal_id,deal_name,pipeline,stage,amount,currency", ...rows].join("\n");
  const upload = await first.request.post("/api/v1/imports", {
    headers,
    multipart: {
      source: "board",
      file: { name: "deals.csv", mimeType: "text/csv", buffer: Buffer.from(file) },
    },
  });
  if (!upload.ok()) throw new Error(`the file was answered by ${upload.status()}: ${await upload.text()}`);
  const { id } = await upload.json();
  await ask(`/imports/${id}/run`, {});
  for (;;) {
    const { status } = await ask(`/imports/${id}`);
    if (status === "done") break;
    if (status === "failed") throw new Error("the deals could not be imported");
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return made;
}

/** In the page: notes each task above 50 ms. */
function watch() {
  window.longTasks = [];
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.longTasks.push(Math.round(duration));
  }).observe({ entryTypes: ["longtask"] });
}

const steps = {
  open: async (page) => {
    await page.goto(`/deals?pipeline=${pipeline.id}`, { waitUntil: "commit" });
    await column(page, "Talks").locator("[data-deal-id]").first().waitFor();
    await page.waitForTimeout(1_000);
  },
  "scroll a column": async (page) => {
    const box = await column(page, "Talks").boundingBox();
    await page.mouse.move(box.x + 100, box.y + 300);
    for (let i = 0; i < 60; i++) {
      await page.mouse.wheel(0, 900);
      await page.waitForTimeout(30);
    }
  },
  "scroll sideways": async (page) => {
    for (const step of [60, -60])
      for (let i = 0; i < 20; i++) {
        await page.mouse.wheel(step, 0);
        await page.waitForTimeout(30);
      }
  },
  "carry by pointer": async (page) => {
    const card = column(page, "Talks").locator("[data-deal-id]").nth(8);
    await card.scrollIntoViewIfNeeded();
    const from = await card.boundingBox();
    await page.mouse.move(from.x + 60, from.y + 20);
    await page.mouse.down();
    for (const name of ["Offer", "Review", "Offer", "Talks", "Offer"]) {
      const to = await column(page, name).boundingBox();
      await page.mouse.move(to.x + to.width / 2, to.y + 200, { steps: 20 });
    }
    await page.mouse.up();
    await page.waitForTimeout(1_000);
  },
  "carry by keys": async (page) => {
    await column(page, "Talks").locator("[data-deal-id]").nth(4).focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Space");
    for (const key of ["ArrowRight", "ArrowRight", "ArrowLeft"]) {
      await page.keyboard.press(key);
      await page.waitForTimeout(50);
    }
    await page.keyboard.press("Space");
    await page.waitForTimeout(1_000);
  },
};

/** Found by what costs the page nothing: looking for roles would be among the tasks that are measured. */
const column = (page, name) => {
  const { id } = pipeline.stages.find((stage) => stage.name === name);
  return page.locator(`[data-stage-id="${id}"]`);
};

/** The tasks of the page's main thread in a trace: how long they took by the clock, and of a processor, in ms. */
function tasksOf(trace) {
  const { traceEvents } = JSON.parse(trace);
  const threads = traceEvents.filter(
    ({ name, args }) => name === "thread_name" && args.name === "CrRendererMain",
  );
  const mains = new Set(threads.map(({ pid, tid }) => `${pid}/${tid}`));
  return traceEvents
    .filter(({ name, pid, tid }) => name === "RunTask" && mains.has(`${pid}/${tid}`))
    .map(({ dur, tdur }) => ({ clock: dur / 1000, processor: (tdur ?? 0) / 1000 }));
}

const longest = (tasks, by) =>
  tasks
    .map((task) => Math.round(task[by]))
    .filter((ms) => ms > 0)
    .sort((a, b) => b - a)
    .slice(0, N_SHOWN)
    .join(", ") || "none";

for (let round = 0; round < N_ROUNDS; round += 1) {
  const context = await browser.newContext({
    baseURL: url,
    storageState: signedIn,
    viewport: { width: 1280, height: 900 },
  });
  await context.addInitScript(() => localStorage.setItem("rapport.language", "en"));
  await context.addInitScript(watch);
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  if (profiles) await session.send("Profiler.enable");
  for (const [name, go] of Object.entries(steps)) {
    await page.evaluate(() => (window.longTasks = []));
    await browser.startTracing(page, { categories: CATEGORIES });
    if (profiles) await session.send("Profiler.start");
    await go(page);
    const long = await page.evaluate(() => window.longTasks);
    const { profile } = profiles ? await session.send("Profiler.stop") : {};
    const trace = await browser.stopTracing();
    const tasks = tasksOf(trace);
    console.log(`round ${round + 1}, ${name}: above 50 ms by the clock: ${long.join(", ") || "none"}`);
    console.log(
      `  longest by the clock: ${longest(tasks, "clock")}; of a processor: ${longest(tasks, "processor")}`,
    );
    if (!profiles) continue;
    const file = join(profiles, `board-${round + 1}-${name.replaceAll(" ", "-")}`);
    writeFileSync(`${file}.cpuprofile`, JSON.stringify(profile));
    writeFileSync(`${file}.trace.json`, trace);
  }
  await context.close();
}
await browser.close();
