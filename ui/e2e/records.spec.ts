import { expect, expectAccessible, setLook, signIn, test } from "./story";

test("make a company, find it in a contact, and follow it back", async ({ page }) => {
  await setLook(page, { language: "en", theme: "light" });
  await signIn(page, "/companies");
  const name = `Story ${Date.now().toString(36)}`;

  await page.getByRole("button", { name: "New company" }).click();
  const dialog = page.getByRole("dialog", { name: "New company" });
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByLabel("Employees").fill("120");
  await dialog.getByLabel("Country").selectOption({ label: "Norway" });
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Create company" }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await expect(page.getByLabel("Country")).toHaveValue("NO");

  await page.getByRole("link", { name: "Contacts", exact: true }).click();
  await page.getByRole("button", { name: "New contact" }).click();
  const contact = page.getByRole("dialog", { name: "New contact" });
  await contact.getByLabel("Name").fill("Grace of the Story");
  await contact.getByRole("combobox", { name: "Company" }).fill(name);
  await contact.getByRole("option", { name }).click();
  await expectAccessible(page);
  await contact.getByRole("button", { name: "Create contact" }).click();

  await expect(page.getByRole("heading", { level: 1, name: "Grace of the Story" })).toBeVisible();
  await page.getByRole("link", { name }).click();
  await expect(page.getByRole("link", { name: "Grace of the Story" })).toBeVisible();
});

test("an edit that the server refuses is taken back and said", async ({ page }) => {
  await setLook(page, { language: "en", theme: "light" });
  await page.route("**/api/v1/contacts/*", (route) =>
    route.request().method() === "PATCH"
      ? route.fulfill({
          status: 422,
          contentType: "application/problem+json",
          body: JSON.stringify({
            type: "about:blank",
            title: "invalid",
            status: 422,
            code: "invalid",
            detail: "the city is too long",
            errors: [{ pointer: "/address/city", code: "too_long", message: "is too long" }],
          }),
        })
      : route.continue(),
  );
  await signIn(page, "/contacts");
  await page.locator("[data-row-link]").first().click();

  const city = page.getByRole("button", { name: /^City: / });
  const before = await city.getAttribute("aria-label");
  await city.click();
  await page.getByRole("textbox", { name: "City" }).fill("Somewhere else");
  await page.keyboard.press("Enter");

  await expect(page.getByText("is too long")).toBeVisible();
  await expect(page.getByRole("button", { name: before ?? "" })).toBeVisible();
  await expectAccessible(page);
});

test("an order leads to its customer and back to all orders of that customer", async ({ page }) => {
  await setLook(page, { language: "en", theme: "light" });
  await signIn(page, "/orders");

  await page.getByRole("row").nth(1).getByRole("link").nth(1).click();
  await expect(page).toHaveURL(/\/contacts\/.+/);
  await page.getByRole("link", { name: /^All .*orders?$/ }).click();

  await expect(page).toHaveURL(/filter=contact_id/);
  await expect(page.getByRole("button", { name: /^Customer is / })).toBeVisible();
});

test.describe("on a phone, in Chinese", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test("a record is read tab by tab and nothing is wider than the screen", async ({ page }) => {
    await setLook(page, { language: "zh", theme: "light" });
    await signIn(page, "/contacts");
    await page.locator("[data-row-link]").first().click();

    for (const tab of ["概览", "时间线", "订单"]) {
      await page.getByRole("tab", { name: tab }).click();
      await expect(page.getByRole("tabpanel")).toBeVisible();
      await expect(page.getByRole("status")).toHaveCount(0);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
      await expectAccessible(page);
    }
  });

  test("the state of an order stands in its title bar", async ({ page }) => {
    await setLook(page, { language: "zh", theme: "dark" });
    await signIn(page, "/orders");
    await page.locator("[data-row-link]").first().click();

    await expect(page.locator("header").getByText(/已完成|已退货/)).toBeVisible();
  });
});
