import { readFile } from "node:fs/promises";

import { expect, expectAccessible, setLook, signIn, test } from "./story";

test.beforeEach(async ({ page }) => {
  await setLook(page, { language: "en", theme: "light" });
  await signIn(page, "/contacts");
});

test("narrow a list from today, keep it as a view, take it away as a file", async ({ page }) => {
  await page.getByRole("button", { name: "Filter" }).click();
  await page.getByLabel("Field").selectOption("Last order");
  await page.getByLabel("Condition").selectOption("in the last");
  await page.getByLabel("How many").fill("10");
  await page.getByLabel("Unit").selectOption("years");
  await page.getByRole("button", { name: "Apply" }).click();
  const chip = page.getByRole("button", { name: "Last order in the last 10 years", exact: true });
  await expect(chip).toBeVisible();
  await expect(page.locator("[data-row-link]").first()).toBeVisible();

  await chip.click();
  await page.getByRole("button", { name: "Or another condition…" }).click();
  await page.getByLabel("Field").selectOption("Orders");
  await page.getByLabel("Condition").selectOption("between");
  await page.getByLabel("From").fill("1");
  await page.getByLabel("To").fill("999");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Or", exact: true }).click();
  const either = "Last order in the last 10 years or Orders between 1 and 999";
  await expect(page.getByRole("button", { name: either, exact: true })).toBeVisible();

  const name = `Buyers ${Date.now().toString(36)}`;
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByLabel("Save what is shown").fill(name);
  await page.getByRole("button", { name: "Save view" }).click();
  await expect(page.getByText(`Saved: ${name}`)).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: `Remove filter: ${either}` }).click();
  await page.getByRole("button", { name: "Views", exact: true }).click();
  await page.getByRole("button", { name, exact: true }).click();
  await expect(page.getByRole("button", { name: either, exact: true })).toBeVisible();

  await page.getByRole("button", { name: "Export", exact: true }).click();
  await expect(page.getByRole("link", { name: /Excel/ })).toBeVisible();
  await expectAccessible(page);
  const downloading = page.waitForEvent("download");
  await page.getByRole("link", { name: /CSV/ }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe("contacts.csv");
  const text = await readFile((await download.path())!, "utf8");
  expect(text).toMatch(/^\ufeffid,name,first_name,/);
  expect(text.trimEnd().split("\n").length).toBeGreaterThan(10);
});

test("columns are chosen by keyboard, several in one go, and stand in the address", async ({ page }) => {
  const heading = (name: string) => page.getByRole("columnheader", { name });
  const button = page.getByRole("button", { name: "Columns", exact: true });
  await expect(heading("Country")).toBeVisible();
  await button.focus();
  await page.keyboard.press("Enter");
  const panel = page.getByRole("dialog", { name: "Columns" });
  await expect(panel.getByRole("checkbox").first()).toBeFocused();
  await expectAccessible(page);

  const country = panel.getByRole("checkbox", { name: "Country" });
  while (!(await country.evaluate((box) => box === document.activeElement)))
    await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Space");
  await expect(heading("Country")).toHaveCount(0);
  const last = panel.getByRole("checkbox").last();
  const wasChecked = await last.isChecked();
  await page.keyboard.press("End");
  await page.keyboard.press("Space");
  await expect(last).toBeChecked({ checked: !wasChecked });

  await page.keyboard.press("Escape");
  await expect(button).toBeFocused();
  await expect(page).toHaveURL(/cols=/);
  await page.reload();
  await expect(page.locator("[data-row-link]").first()).toBeVisible();
  await expect(heading("Country")).toHaveCount(0);
});
