import type { APIResponse, Page } from "@playwright/test";

import { expect, expectAccessible, setLook, signIn, test } from "./story";

const API = "/api/v1";
const SEARCH_MS = 180_000;

interface Run {
  finished_at: string | null;
}

async function json<T>(answer: Promise<APIResponse>): Promise<T> {
  const response = await answer;
  expect(response.ok(), `${response.url()} ${await response.text()}`).toBe(true);
  return (await response.json()) as T;
}

const headersOf = (page: Page) => ({ "x-rapport-csrf": "1", origin: new URL(page.url()).origin });

const create = (page: Page, contact: object) =>
  json<{ id: string }>(page.request.post(`${API}/contacts`, { headers: headersOf(page), data: contact }));

/** Somebody who stands in the records twice, spelled in two ways. */
async function addTwins(page: Page): Promise<{ first: string; second: string; name: string }> {
  const mark = Date.now().toString(36);
  const name = `Wilhelmina Storybrook ${mark}`;
  const address = { street: `${mark} Harbour Lane 7`, city: "Tromsø", postal_code: "9008", country: "NO" };
  const first = await create(page, { name, email: `wilhelmina.${mark}@story.example`, address });
  const second = await create(page, {
    name: name.replace("Wilhelmina", "Wilhelmena"),
    email: `w.storybrook.${mark}@story.example`,
    address,
  });
  return { first: first.id, second: second.id, name };
}

/** Waits until a search that was just asked for is over. */
async function searched(page: Page, before: number) {
  const nDone = async () => {
    const { match_runs } = await json<{ match_runs: Run[] }>(page.request.get(`${API}/match_runs?limit=50`));
    return match_runs.filter(({ finished_at }) => finished_at !== null).length;
  };
  await expect.poll(nDone, { timeout: SEARCH_MS }).toBeGreaterThan(before);
}

async function nSearches(page: Page): Promise<number> {
  const { match_runs } = await json<{ match_runs: Run[] }>(page.request.get(`${API}/match_runs?limit=50`));
  return match_runs.filter(({ finished_at }) => finished_at !== null).length;
}

/** Makes a twin, looks for duplicates by the button, and opens the queue. */
async function openQueue(page: Page) {
  await signIn(page, "/duplicates");
  const twins = await addTwins(page);
  const before = await nSearches(page);
  await page.getByRole("button", { name: "Look for duplicates" }).first().click();
  await searched(page, before);
  await page.goto("/duplicates?order=certainty");
  await expect(page.getByRole("list", { name: "Pairs to decide" })).toBeVisible();
  return twins;
}

const lines = (page: Page) => page.getByRole("list", { name: "Pairs to decide" }).getByRole("button");

/** The contact that a merge made here left, by the log: the address of its page. */
async function decidedPair(page: Page, key: string) {
  const answer = page.waitForResponse((response) => /match_pairs\/[^/]+\/decisions$/.test(response.url()));
  await page.keyboard.press(key);
  const response = await answer;
  expect(response.status(), await response.text()).toBe(200);
  return (await response.json()) as {
    operation: number;
    match_pair: { id: string; left: { contact_id: string }; right: { contact_id: string } };
  };
}

test("find duplicates, decide by the keyboard, take it back, and unmerge on the record", async ({ page }) => {
  test.setTimeout(SEARCH_MS + 180_000);
  await setLook(page, { language: "en", theme: "light" });
  const { first, second } = await openQueue(page);
  await expect(page.getByRole("table", { name: "The two compared" })).toBeVisible();
  await expectAccessible(page);
  const n = await lines(page).count();

  // One is said to be two people, and that is taken back.
  await decidedPair(page, "n");
  await expect(page.getByText(/^Two people: /)).toBeVisible();
  await expectAccessible(page);
  if (n > 1) await expect(lines(page)).toHaveCount(n - 1);
  await page.keyboard.press("u");
  await expect(page.getByText(/^Taken back: /)).toBeVisible();
  await expect(lines(page)).toHaveCount(n);

  // The twins of this story, which stand somewhere in the queue, are one person.
  const { match_pairs } = await json<{
    match_pairs: { id: string; left: { contact_id: string }; right: { contact_id: string } }[];
  }>(page.request.get(`${API}/match_pairs?filter=status:eq:open&sort=-found_at&limit=200`));
  const twins = match_pairs.find(({ left, right }) =>
    [left.contact_id, right.contact_id].every((id) => id === first || id === second),
  );
  expect(twins, "the twins of this story are found").toBeDefined();
  await page.goto(`/duplicates?pair=${twins!.id}`);
  await expect(page.getByRole("link", { name: /^Open Wilhelm[ie]na Storybrook/ }).first()).toBeVisible();
  await expect(page.locator("mark").first()).toBeVisible();
  const { match_pair } = await decidedPair(page, "y");
  expect(match_pair.id).toBe(twins!.id);
  await expect(page.getByText(/^One person: /)).toBeVisible();

  // The record of the one that stays tells of it and parts them again.
  const isThere = async (id: string) => (await page.request.get(`${API}/contacts/${id}`)).ok();
  const stays = (await isThere(first)) ? first : second;
  await page.goto(`/contacts/${stays}`);
  const past = page.getByRole("list", { name: "Past merges" });
  await expect(past.getByText(/became part of this contact$/)).toBeVisible();
  await expect(page.getByRole("status")).toHaveCount(0);
  await expectAccessible(page);
  await past.getByRole("button", { name: /^Unmerge / }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason (optional)").fill("the story asks for it");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Unmerge", exact: true }).click();
  await expect(past.getByText("taken back").first()).toBeVisible();
  expect(await isThere(first)).toBe(true);
  expect(await isThere(second)).toBe(true);
});

test("merge two that are selected in a list, and take it back", async ({ page }) => {
  await setLook(page, { language: "en", theme: "dark" });
  await signIn(page, "/contacts");
  const { first, second, name } = await addTwins(page);
  const mark = name.split(" ").at(-1)!;
  await page.goto(`/contacts?q=${mark}`);
  const boxes = page.getByRole("checkbox", { name: /^Select (?!all)/ });
  await expect(boxes).toHaveCount(2);
  await boxes.nth(0).click();
  await boxes.nth(1).click();
  await page.getByRole("button", { name: "Merge the two" }).click();
  const dialog = page.getByRole("dialog", { name: "Merge two contacts" });
  await expect(dialog.getByRole("table", { name: "The two compared" })).toBeVisible();
  await expectAccessible(page);

  await dialog.getByRole("button", { name: /^Merge into / }).click();
  await expect(page.getByText(/ is part of .* now$/)).toBeVisible();
  await expect(page.locator("[data-row-link]")).toHaveCount(1);
  await page.getByRole("button", { name: "Undo" }).click();

  await expect(page.getByText(/is a contact of its own again$/)).toBeVisible();
  for (const id of [first, second])
    expect((await page.request.get(`${API}/contacts/${id}`)).ok(), `${id} is there again`).toBe(true);
});

test("say when pairs merge by themselves", async ({ page }) => {
  await setLook(page, { language: "en", theme: "light" });
  await signIn(page, "/duplicates");
  await page.getByRole("button", { name: /^Automatic merging is / }).click();
  const dialog = page.getByRole("dialog", { name: "Automatic merging" });
  await expect(dialog.getByLabel("Threshold, in percent")).toHaveValue(/^9\d/);
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
});

test.describe("on a phone, in Chinese", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test("the queue is read without anything wider than the screen", async ({ page }) => {
    await setLook(page, { language: "zh", theme: "dark" });
    await signIn(page, "/duplicates");

    await expect(page.getByRole("heading", { level: 1, name: "重复记录" })).toBeVisible();
    await expect(page.getByRole("status")).toHaveCount(0);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await expectAccessible(page);
  });
});
