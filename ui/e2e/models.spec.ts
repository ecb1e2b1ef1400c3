import type { APIResponse, Page } from "@playwright/test";

import { expect, expectAccessible, setLook, signIn, test } from "./story";

const API = "/api/v1";
const HEADERS = { "x-rapport-csrf": "1" };
const TRAINING_MS = 180_000;

interface Version {
  version: number;
  stage: "candidate" | "shadow" | "champion" | "retired";
  promotion: { is_ready: boolean };
}
interface Model {
  revision: number;
  champion: Version | null;
  roll_back_to: number | null;
  versions: Version[];
}

async function json<T>(answer: Promise<APIResponse>): Promise<T> {
  const response = await answer;
  expect(response.ok(), `${response.url()} ${await response.text()}`).toBe(true);
  return (await response.json()) as T;
}

const modelOf = (page: Page) => json<Model>(page.request.get(`${API}/models/segment`));

async function change(page: Page, what: "transitions" | "rollbacks", data: object): Promise<Model> {
  const { revision } = await modelOf(page);
  const headers = { ...HEADERS, "if-match": `"${revision}"`, origin: new URL(page.url()).origin };
  return json(page.request.post(`${API}/models/segment/${what}`, { headers, data }));
}

/** Trains segments until two trainings have left a run and a version each. */
async function trainTwice(page: Page) {
  const finished = `${API}/runs?filter=task:eq:segment&filter=status:eq:finished`;
  const nReady = async () => {
    const { runs } = await json<{ runs: object[] }>(page.request.get(finished));
    const answer = await page.request.get(`${API}/models/segment`);
    const { versions } = answer.ok() ? ((await answer.json()) as Model) : { versions: [] };
    return Math.min(runs.length, versions.length);
  };
  for (const k of [4, 5]) {
    const before = await nReady();
    if (before >= 2) return;
    const headers = { ...HEADERS, origin: new URL(page.url()).origin };
    await json(page.request.post(`${API}/segmentations`, { headers, data: { method: "kmeans", k } }));
    await expect.poll(nReady, { timeout: TRAINING_MS }).toBeGreaterThan(before);
  }
}

/** Brings the newest version into the shadow of one that served before, ready to take its place. */
async function prepare(page: Page): Promise<{ newest: number; before: number }> {
  const reason = "so that the story begins where it should";
  const move = (version: number, to: string) => change(page, "transitions", { version, to, reason });
  let model = await modelOf(page);
  const newest = model.versions[0]!.version;
  if (model.champion?.version === newest) model = await change(page, "rollbacks", { reason });
  const stage = () => model.versions.find(({ version }) => version === newest)!.stage;
  if (stage() === "retired") model = await move(newest, "candidate");
  if (stage() === "candidate") model = await move(newest, "shadow");
  const before = model.champion!.version;
  // Where the newest is no better, the champion steps down: then only the baseline is there to beat.
  if (!model.versions[0]!.promotion.is_ready) await move(before, "retired");
  return { newest, before };
}

/** Presses a button, says why in the dialog, and submits. */
async function ask(page: Page, button: string, submit: string) {
  await page.getByRole("button", { name: button, exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill("the story asks for it");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: submit, exact: true }).click();
  await expect(dialog).toHaveCount(0);
}

test("compare two runs, promote what is better, and roll it back", async ({ page }) => {
  test.setTimeout(2 * TRAINING_MS + 120_000);
  await setLook(page, { language: "en", theme: "light" });
  await signIn(page);
  await trainTwice(page);

  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Models" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Models" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Runs", exact: true }).click();
  const boxes = page.getByRole("grid", { name: "Runs" }).getByRole("checkbox", { name: /^Select (?!all)/ });
  await boxes.nth(0).click();
  await boxes.nth(1).click();
  await page.getByRole("link", { name: "Compare 2 runs" }).click();
  const table = page.getByRole("table", { name: "Settings and figures" });
  await expect(table.getByRole("row", { name: /^Method/ }).first()).toBeVisible();
  await expectAccessible(page);

  const { newest, before } = await prepare(page);
  await page.getByRole("link", { name: "Models", exact: true }).first().click();
  await page.getByRole("link", { name: "Open Segments" }).click();
  await page
    .getByRole("list", { name: "Versions" })
    .getByRole("link", { name: `Version ${newest} ` })
    .click();
  await ask(page, "Promote", "Promote");
  await expect(page.getByText(`Version ${newest} is the champion now`)).toBeVisible();
  const history = page.getByRole("list", { name: "History" });
  await expect(history.getByRole("listitem").first()).toContainText("the story asks for it");

  await ask(page, `Roll back to version ${before}`, "Roll back");
  await expect(page.getByText(`Version ${before} serves again`)).toBeVisible();
  expect((await modelOf(page)).champion?.version).toBe(before);
  await expectAccessible(page);
});

test("what somebody else changed meanwhile is shown before anything is done", async ({ page }) => {
  test.setTimeout(2 * TRAINING_MS + 120_000);
  await setLook(page, { language: "en", theme: "light" });
  await signIn(page);
  await trainTwice(page);
  const { newest } = await prepare(page);
  await page.route("**/api/v1/models/segment/transitions", (route) =>
    route.continue({ headers: { ...route.request().headers(), "if-match": '"0"' } }),
  );

  await page.goto(`/models/segment?version=${newest}`);
  await page.getByRole("button", { name: "Promote", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill("too late");
  await dialog.getByRole("button", { name: "Promote", exact: true }).click();

  await expect(dialog.getByRole("alert")).toContainText("Somebody else changed this model");
  await expect(dialog.getByLabel("Reason")).toHaveValue("too late");
  await expectAccessible(page);
});

test.describe("on a phone, in Chinese", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test("models and runs are read without anything wider than the screen", async ({ page }) => {
    await setLook(page, { language: "zh", theme: "dark" });
    await signIn(page, "/models");
    const isNarrow = async () =>
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);

    await expect(page.getByRole("status")).toHaveCount(0);
    await isNarrow();
    await expectAccessible(page);
    await page.getByRole("link", { name: "训练记录" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "训练记录" })).toBeVisible();
    await isNarrow();
    await page.locator("[data-row-link]").first().click();
    await expect(page).toHaveURL(/\/models\/runs\/.+/);
    await expect(page.getByRole("status")).toHaveCount(0);
    await isNarrow();
    await expectAccessible(page);
  });
});
