import { expect, expectAccessible, setLook, signIn, test } from "./story";

test("switch to Chinese and to dark without a reload", async ({ page }) => {
  // Set on the first visit only: a second document would otherwise forget what the story chose.
  await signIn(page);
  await page.evaluate(() => localStorage.clear());
  await page.reload();
  await page.evaluate(() => Object.assign(window, { isSameDocument: true }));

  await page.getByRole("button", { name: "切换到中文" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "首页" })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "zh-CN");

  await page.getByRole("button", { name: "切换到深色" }).click();
  await expect(page.locator("html")).toHaveClass(/dark/);
  expect(await page.evaluate(() => "isSameDocument" in window)).toBe(true);

  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "首页" })).toBeVisible();
  await expect(page.locator("html")).toHaveClass(/dark/);
});

test("open the segment map, choose a segment, see its members", async ({ page }) => {
  await setLook(page, { language: "en", theme: "light" });
  await signIn(page, "/segments");

  await expect(
    page
      .getByRole("img", { name: /^Map of/ })
      .locator("canvas")
      .first(),
  ).toBeVisible();
  const legend = page.getByRole("list", { name: "Segments" }).getByRole("button");
  await legend.first().click();
  await expect(page).toHaveURL(/segment=/);
  await page.getByRole("link", { name: "Open in contacts" }).click();

  await expect(page).toHaveURL(/filter=segment_id/);
  await expect(page.locator("[data-row-link]").first()).toBeVisible();
});

test("the map is also a table", async ({ page }) => {
  await setLook(page, { language: "en", theme: "light" });
  await signIn(page, "/segments");

  await page.getByRole("button", { name: "Show as table" }).click();

  await expect(page.getByRole("table", { name: "Map of all customers" })).toContainText("%");
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test("the drawer leads everywhere and nothing is wider than the screen", async ({ page }) => {
    await setLook(page, { language: "en", theme: "light" });
    await signIn(page);

    for (const place of ["Contacts", "Orders", "Segments", "Models", "Imports", "Settings"]) {
      await page.getByRole("button", { name: "Menu" }).first().click();
      await page.getByRole("dialog").getByRole("link", { name: place }).click();
      await expect(page.getByRole("heading", { level: 1, name: place })).toBeVisible();
      await expect(page.getByRole("dialog")).toHaveCount(0);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
      await expectAccessible(page);
    }
  });
});

test("nothing moves for those who asked for calm", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await setLook(page, { language: "en", theme: "light" });
  await signIn(page, "/contacts");

  await expect(page.locator("[data-row-link]").first()).toBeVisible();
  await page.keyboard.press("Control+k");
  const duration = await page
    .getByRole("dialog")
    .evaluate((dialog) => getComputedStyle(dialog).animationDuration);

  expect(Number.parseFloat(duration)).toBeLessThan(0.001);
});
