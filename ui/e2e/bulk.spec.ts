import { expect, expectAccessible, setLook, signIn, test } from "./story";

test("select a range, set a field with a preview, and take it back", async ({ page }) => {
  await setLook(page, { language: "en", theme: "light" });
  await signIn(page, "/contacts?sort=name");
  const boxes = page.getByRole("checkbox", { name: /^Select (?!all)/ });
  await expect(boxes.first()).toBeVisible();
  await boxes.nth(0).click();
  await boxes.nth(2).click({ modifiers: ["Shift"] });
  const bar = page.getByRole("region", { name: "Selected rows" });
  await expect(bar.getByText("3 selected")).toBeVisible();

  await bar.getByRole("button", { name: "Set a field…" }).click();
  const dialog = page.getByRole("dialog", { name: "Set a field" });
  await dialog.getByLabel("Field").selectOption("Job title");
  const title = `Buyer ${Date.now().toString(36)}`;
  await dialog.getByLabel("New value").fill(title);
  await expect(dialog.getByText("3 will change, 0 hold this value already.")).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Change 3" }).click();

  await expect(page.getByText("3 records changed")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("The change is taken back")).toBeVisible();

  await page.goto("/settings");
  const edits = page.getByRole("list", { name: "Bulk edits" });
  const latest = edits.getByRole("listitem").first();
  await expect(latest.getByText("3 records changed")).toBeVisible();
  await expect(latest.getByText("Taken back")).toBeVisible();
  await expectAccessible(page);
});

test("all that a filter finds are meant by one button, and the keyboard gets there", async ({ page }) => {
  await setLook(page, { language: "zh", theme: "dark" });
  await signIn(page, "/contacts");
  const row = page.getByRole("row").nth(1);
  await expect(row).toBeVisible();
  await row.focus();
  await page.keyboard.press("x");
  const bar = page.getByRole("region", { name: "已选择的行" });
  await expect(bar).toBeVisible();
  await expect(bar.getByRole("button", { name: "设置字段…" })).toBeVisible();
  await expectAccessible(page);
  await bar.getByRole("button", { name: "删除…" }).press("Enter");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText(/条将被删除/)).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
});
