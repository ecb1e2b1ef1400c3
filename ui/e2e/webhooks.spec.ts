import { expect, expectAccessible, setLook, signIn, test } from "./story";

test("an administrator tells another system what changes, and sees what became of it", async ({ page }) => {
  await setLook(page, { language: "en", theme: "light" });
  await signIn(page, "/settings");
  await page.getByRole("link", { name: "Webhooks" }).click();
  const address = `https://story-${Date.now().toString(36)}.invalid/hook`;

  await page.getByRole("button", { name: "New webhook" }).click();
  await page.getByLabel("Address").fill("https://169.254.169.254/latest");
  await page.getByRole("checkbox", { name: "Contacts: made" }).click();
  await page.getByRole("button", { name: "Make webhook" }).click();
  await expect(page.getByText(/inside of a private network/)).toBeVisible();
  await page.getByLabel("Address").fill(address);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Make webhook" }).click();
  await expect(page.getByRole("textbox", { name: "Secret" })).toHaveValue(/^whsec_/);
  await page.getByRole("button", { name: "Close" }).click();

  // The name leads nowhere, and the log says so.
  await page.getByRole("button", { name: "Send a test" }).click();
  await expect(page.getByText("The receiver did not take the test")).toBeVisible({ timeout: 20_000 });
  await page.getByRole("button", { name: /^Show webhook.test of/ }).click();
  await expect(page.getByRole("region", { name: "What is sent" })).toContainText("webhook.test");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Close" }).click();

  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(page.getByRole("link", { name: address })).toHaveCount(0);
});

test("the webhooks look right in the dark and in Chinese", async ({ page }) => {
  await setLook(page, { language: "zh", theme: "dark" });
  await signIn(page, "/settings/webhooks");

  await expect(page.getByRole("heading", { name: "Webhook" })).toBeVisible();
  await page.getByRole("button", { name: "新建 Webhook" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await expectAccessible(page);
});
