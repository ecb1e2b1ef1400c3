import type { Locator, Page } from "@playwright/test";

import { expect, expectAccessible, setLook, signIn, test, type Look } from "./story";

const column = (page: Page, name: string) => page.getByRole("region", { name: new RegExp(`^${name}, `) });
const cardOf = (place: Page | Locator, name: string) => place.getByRole("link", { name: new RegExp(name) });

interface Made {
  id: string;
  stages: { id: string; name: string }[];
}

/** Asks the server as the web app does. */
async function post<T>(page: Page, path: string, body: object): Promise<T> {
  return page.evaluate(
    async ([path, body]) => {
      const headers = { "content-type": "application/json", "x-rapport-csrf": "1" };
      const answer = await fetch(path as string, { method: "POST", headers, body: JSON.stringify(body) });
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
      return answer.json();
    },
    [`/api/v1${path}`, body] as const,
  ) as Promise<T>;
}

const makePipeline = (page: Page, name: string) =>
  post<Made>(page, "/pipelines", {
    name,
    stages: [
      { name: "Talks", outcome: "open", probability: 0.2 },
      { name: "Offer", outcome: "open", probability: 0.5 },
      { name: "Review", outcome: "open", probability: 0.8 },
      { name: "Won", outcome: "won", probability: 1 },
      { name: "Lost", outcome: "lost", probability: 0 },
    ],
  });

/** Carries a card into a column, in steps as a hand does. */
async function carry(page: Page, card: Locator, into: Locator) {
  const from = (await card.boundingBox())!;
  const to = (await into.boundingBox())!;
  await page.mouse.move(from.x + 60, from.y + 20);
  await page.mouse.down();
  await page.mouse.move(to.x + to.width / 2, to.y + 160, { steps: 12 });
  await expect(into).toHaveCSS("outline-style", "solid");
  await page.mouse.up();
}

test("make a pipeline and a deal, move it by keyboard and by mouse, and see the sums follow", async ({
  page,
}) => {
  await setLook(page, { language: "en", theme: "light" });
  await signIn(page, "/deals");
  const name = `Story ${Date.now().toString(36)}`;

  await page.getByRole("button", { name: "New pipeline" }).first().click();
  const dialog = page.getByRole("dialog", { name: "New pipeline" });
  await dialog.getByLabel("Name", { exact: true }).fill(name);
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Create pipeline" }).click();
  await expect(column(page, "First talks")).toBeVisible();

  await page.getByRole("button", { name: "New deal" }).click();
  const form = page.getByRole("dialog", { name: "New deal" });
  await form.getByLabel("Name").fill("Forty lamps");
  await form.getByLabel("Amount").fill("2,000");
  await form.getByLabel("Currency").selectOption("EUR");
  await expectAccessible(page);
  await form.getByRole("button", { name: "Create deal" }).click();
  const card = cardOf(page, "Forty lamps");
  await expect(column(page, "First talks")).toContainText("€2K");
  await expect(column(page, "First talks")).toContainText("Weighted €200");

  await card.focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await expectAccessible(page);
  await page.keyboard.press("Space");
  await expect(cardOf(column(page, "Proposal"), "Forty lamps")).toBeFocused();
  await expect(column(page, "Proposal")).toContainText("Weighted €1K");
  await expect(column(page, "First talks")).toContainText("No deals");
  await expect(page.getByText("Saved: Forty lamps → Proposal")).toBeVisible();

  await carry(page, card, column(page, "Negotiation"));
  await expect(column(page, "Negotiation")).toContainText("Weighted €1.5K");
  await expect(page.getByText("Saved: Forty lamps → Negotiation")).toBeVisible();
  await page.keyboard.press("Control+z");
  await expect(column(page, "Proposal")).toContainText("Weighted €1K");

  // What the board shows is what the server keeps.
  await page.reload();
  await expect(cardOf(column(page, "Proposal"), "Forty lamps")).toBeVisible();
  await expectAccessible(page);
});

test("a deal that a colleague moved meanwhile is not moved over that", async ({ page }) => {
  await setLook(page, { language: "en", theme: "light" });
  await signIn(page, "/deals");
  const pipeline = await makePipeline(page, `Conflict ${Date.now().toString(36)}`);
  const stage = (idx: number) => pipeline.stages[idx]!.id;
  const deal = await post<Made>(page, "/deals", {
    name: "Contested",
    pipeline_id: pipeline.id,
    stage_id: stage(0),
  });
  await page.goto(`/deals?pipeline=${pipeline.id}`);
  await expect(cardOf(column(page, "Talks"), "Contested")).toBeVisible();

  await page.evaluate(
    ([id, stage_id]) =>
      fetch(`/api/v1/deals/${id}`, {
        method: "PATCH",
        headers: { "content-type": "application/json", "x-rapport-csrf": "1", "if-match": '"1"' },
        body: JSON.stringify({ stage_id }),
      }),
    [deal.id, stage(4)] as const,
  );
  await carry(page, cardOf(page, "Contested"), column(page, "Offer"));

  await expect(page.getByText(/Somebody else changed this record meanwhile/)).toBeVisible();
  await expect(cardOf(column(page, "Lost"), "Contested")).toBeVisible();
});

test("the board scrolls sideways also where the pointer is over a column", async ({ page }) => {
  await page.setViewportSize({ width: 1000, height: 800 });
  await setLook(page, { language: "en", theme: "light" });
  await signIn(page, "/deals");
  const pipeline = await makePipeline(page, `Sideways ${Date.now().toString(36)}`);
  await page.goto(`/deals?pipeline=${pipeline.id}`);
  const box = (await column(page, "Talks").boundingBox())!;

  await page.mouse.move(box.x + 100, box.y + 300);
  await page.mouse.wheel(200, 0);

  await expect.poll(async () => (await column(page, "Talks").boundingBox())!.x).toBeLessThan(box.x - 100);
});

const LOOKS: Look[] = [
  { language: "en", theme: "light" },
  { language: "en", theme: "dark" },
  { language: "zh", theme: "light" },
  { language: "zh", theme: "dark" },
];

for (const look of LOOKS) {
  test(`board, list and deal are accessible in ${look.language}, ${look.theme}`, async ({ page }) => {
    await setLook(page, look);
    await signIn(page, "/deals");
    const pipeline = await makePipeline(page, `Looks ${Date.now().toString(36)}`);
    await post(page, "/deals", {
      name: "Looked at",
      pipeline_id: pipeline.id,
      stage_id: pipeline.stages[1]!.id,
      amount: { amount_minor: 123_456, currency: "EUR" },
    });

    for (const path of [`/deals?pipeline=${pipeline.id}`, "/deals/list"]) {
      await page.goto(path);
      await expect(cardOf(page, "Looked at").first()).toBeVisible();
      await expect(page.getByRole("status")).toHaveCount(0);
      await expectAccessible(page);
    }
    await page.goto(`/deals?pipeline=${pipeline.id}`);
    await cardOf(page, "Looked at").click();
    await expect(page.getByRole("heading", { level: 1, name: "Looked at" })).toBeVisible();
    await expectAccessible(page);
  });
}

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test("a deal is moved by a choice, and nothing is wider than the screen", async ({ page }) => {
    await setLook(page, { language: "zh", theme: "dark" });
    await signIn(page, "/deals");
    const pipeline = await makePipeline(page, `Phone ${Date.now().toString(36)}`);
    const body = { name: "Pocket", pipeline_id: pipeline.id, stage_id: pipeline.stages[0]!.id };
    await post(page, "/deals", body);
    await page.goto(`/deals?pipeline=${pipeline.id}`);

    await page.getByRole("button", { name: "移动 Pocket" }).tap();
    await expectAccessible(page);
    await page.getByRole("dialog").getByRole("button", { name: "Offer" }).tap();

    await expect(page.getByRole("region", { name: /^Offer，1/ })).toContainText("Pocket");
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await expectAccessible(page);
  });
});

const N_DEALS = 10_000;

/** Makes deals as fast as the server takes them, spread over the stages. */
async function makeDeals(page: Page, pipeline: Made, n: number) {
  await page.evaluate(
    async ([pipeline, n]) => {
      const headers = { "content-type": "application/json", "x-rapport-csrf": "1" };
      let next = 0;
      const makeSome = async () => {
        for (let i = next++; i < n; i = next++) {
          const body = JSON.stringify({
            name: `Deal ${i}`,
            pipeline_id: pipeline.id,
            stage_id: pipeline.stages[i % pipeline.stages.length]!.id,
            amount: { amount_minor: 100 * (i + 1), currency: "EUR" },
          });
          const answer = await fetch("/api/v1/deals", { method: "POST", headers, body });
          // Read in any case: the browser keeps what is not read, and has room for some thousands of answers.
          const said = await answer.text();
          if (!answer.ok) throw new Error(said);
        }
      };
      await Promise.all(Array.from({ length: 24 }, makeSome));
    },
    [pipeline, n] as const,
  );
}

/**
 * Milliseconds that a task may take before it counts as a stall. A board that drew all its cards would take
 * many times as long. What took more than 50 ms, which is the goal on a machine that does nothing else, is
 * printed: here the server, the database and the browser share the cores.
 */
const TASK_MS_MAX = 1_000;

test("a board of 10,000 deals scrolls and is dragged over without a stall", async ({ page }) => {
  test.setTimeout(300_000);
  await setLook(page, { language: "en", theme: "light" });
  await signIn(page, "/deals");
  const pipeline = await makePipeline(page, `Ten thousand ${Date.now().toString(36)}`);
  await makeDeals(page, pipeline, N_DEALS);
  await page.goto(`/deals?pipeline=${pipeline.id}`);
  const talks = column(page, "Talks");
  await expect(talks).toContainText("2,000");
  await expect(talks.getByRole("link").first()).toBeVisible();
  // What loading the page took is not what is asked here.
  await page.waitForTimeout(1_000);
  await page.evaluate(() => {
    const tasks: number[] = [];
    Object.assign(window, { longTasks: tasks });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) tasks.push(Math.round(duration));
    }).observe({ entryTypes: ["longtask"] });
  });

  // Far beyond the first cards: more of them come in on the way.
  const box = (await talks.boundingBox())!;
  await page.mouse.move(box.x + 100, box.y + 300);
  for (let i = 0; i < 60; i++) {
    await page.mouse.wheel(0, 900);
    await page.waitForTimeout(30);
  }
  const card = talks.getByRole("link").nth(8);
  await card.scrollIntoViewIfNeeded();
  const from = (await card.boundingBox())!;
  await page.mouse.move(from.x + 60, from.y + 20);
  await page.mouse.down();
  for (const name of ["Offer", "Review", "Won", "Review", "Offer"]) {
    const to = (await column(page, name).boundingBox())!;
    await page.mouse.move(to.x + to.width / 2, to.y + 200, { steps: 20 });
  }
  await page.mouse.up();
  await expect(column(page, "Offer")).toContainText("2,001");

  const longTasks = await page.evaluate(() => (window as unknown as { longTasks: number[] }).longTasks);
  console.log(`tasks of more than 50 ms on a board of 10,000 deals: ${longTasks.join(", ") || "none"}`);
  expect(longTasks.filter((ms) => ms > TASK_MS_MAX)).toEqual([]);
});
