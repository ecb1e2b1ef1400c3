import { expect, setLook, signIn, test } from "./story";

test.beforeEach(async ({ page }) => {
  await setLook(page, { language: "en", theme: "light" });
  await signIn(page, "/contacts");
});

test("find a customer by search and open the record", async ({ page }) => {
  const first = page.locator("[data-row-link]").first();
  const href = await first.getAttribute("href");
  const name = (await first.locator("span span:last-child").innerText()).trim();

  await page.getByRole("searchbox").fill(name);
  await expect(page).toHaveURL(/q=/);
  await page.locator(`[data-row-link][href="${href}"]`).click();

  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Timeline" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Made of these sources" })).toBeVisible();
});

test("edit a name in the list and undo it", async ({ page }) => {
  const first = page.locator("[data-row-link]").first();
  const href = await first.getAttribute("href");
  const row = page.locator(`[data-row-link][href="${href}"]`);
  const old = (await first.locator("span span:last-child").innerText()).trim();

  await row.hover();
  await page.getByRole("button", { name: `Edit Name of ${old}` }).click();
  await page.getByRole("textbox", { name: `Edit Name of ${old}` }).fill(`${old} Renamed`);
  await page.keyboard.press("Enter");
  await expect(page.getByText(/^Saved: Name/)).toBeVisible();
  await expect(row).toContainText("Renamed");

  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText(/^Undone: Name/)).toBeVisible();
  await expect(row).not.toContainText("Renamed");

  await page.reload();
  await expect(row).not.toContainText("Renamed");
});

test("the palette finds the same customer", async ({ page }) => {
  const name = (await page.locator("[data-row-link] span span:last-child").first().innerText()).trim();

  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").fill(name);
  await page.getByRole("option").filter({ hasText: name }).first().click();

  await expect(page).toHaveURL(/\/contacts\/.+/);
});

test("all of it by the keyboard alone", async ({ page }) => {
  await expect(page.locator("[data-row-link]").first()).toBeVisible();

  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await expect(page.locator("[data-row='1']")).toBeFocused();
  await page.keyboard.press("x");
  await expect(page.getByRole("region", { name: "Selected rows" })).toContainText("1 selected");
  await page.keyboard.press("Escape");
  await page.keyboard.press("e");
  await expect(page.getByRole("textbox", { name: /^Edit Name of/ })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.locator("[data-row='1']")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/contacts\/.+/);

  await page.keyboard.press("g");
  await page.keyboard.press("s");
  await expect(page).toHaveURL(/\/segments/);
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
});
