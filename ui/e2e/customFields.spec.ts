import type { Page } from "@playwright/test";

import { expect, expectAccessible, setLook, signIn, test } from "./story";

const API = "/api/v1/custom_fields";
const KEY = "story_region";

interface Field {
  id: string;
  key: string;
  version: number;
}

/** A field that must be given would stand in the way of other stories. */
async function removeField(page: Page) {
  const csrf = { "x-rapport-csrf": "1", origin: new URL(page.url()).origin };
  const { custom_fields } = (await (await page.request.get(API)).json()) as { custom_fields: Field[] };
  for (const { id, version } of custom_fields.filter(({ key }) => key === KEY)) {
    const headers = { ...csrf, "if-match": `"${version}"` };
    await page.request.patch(`${API}/${id}`, { headers, data: { is_archived: true } });
    await page.request.delete(`${API}/${id}`, { headers: csrf });
  }
}

test.afterEach(({ page }) => removeField(page));

test("a field that companies must have is defined, asked for, called otherwise, and put away", async ({
  page,
}) => {
  await setLook(page, { language: "en", theme: "light" });
  await signIn(page, "/settings");
  await removeField(page);
  await page.reload();

  await page.getByLabel("Of", { exact: true }).selectOption("Companies");
  await page.getByRole("button", { name: "New field" }).click();
  const dialog = page.getByRole("dialog", { name: "New field" });
  await dialog.getByLabel("Name in English").fill("Story region");
  await expect(dialog.getByLabel("Key")).toHaveValue(KEY);
  await dialog.getByLabel("Type").selectOption("One of some options");
  await dialog.getByLabel("Options").fill("North, South");
  await dialog.getByLabel("What it is for, in English").fill("Who visits them");
  await dialog.getByRole("checkbox", { name: "Required" }).click();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Add field" }).click();
  await expect(page.getByText(`custom.${KEY} · Required`)).toBeVisible();

  const name = `Story ${Date.now().toString(36)}`;
  await page.goto("/companies?new=1");
  const company = page.getByRole("dialog", { name: "New company" });
  await company.getByLabel("Name").fill(name);
  const region = company.getByLabel("Story region");
  await company.getByRole("button", { name: "Create company" }).click();
  await expect(region).toBeFocused();
  await expect(region).toHaveAccessibleDescription("Who visits them");
  await region.selectOption("North");
  await expectAccessible(page);
  await company.getByRole("button", { name: "Create company" }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await expect(page.getByLabel("Story region")).toHaveValue("North");
  const address = page.url();

  await page.goto("/settings");
  await page.getByLabel("Of", { exact: true }).selectOption("Companies");
  await page.getByRole("button", { name: "Change Story region" }).click();
  const change = page.getByRole("dialog", { name: "Change Story region" });
  await change.getByLabel("Name in English").fill("Sales region");
  await change.getByLabel("What North is called").fill("The north");
  await change.getByRole("button", { name: "Move South up" }).click();
  await change.getByLabel("New options").fill("East");
  await expectAccessible(page);
  await change.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Sales region is saved")).toBeVisible();

  await page.goto(address);
  const renamed = page.getByLabel("Sales region");
  await expect(renamed.locator("option")).toHaveText(["South", "The north", "East"]);
  await renamed.selectOption("East");
  await expect(page.getByText("Saved: Sales region")).toBeVisible();

  await page.goto("/settings");
  await page.getByLabel("Of", { exact: true }).selectOption("Companies");
  const line = page.getByRole("listitem").filter({ hasText: `custom.${KEY}` });
  await line.getByRole("button", { name: "Archive" }).click();
  page.on("dialog", (question) => question.accept());
  await line.getByRole("button", { name: "Delete with all values" }).click();
  await expect(line).toHaveCount(0);
});

test("the dialog of a field is accessible in Chinese, in the dark", async ({ page }) => {
  await setLook(page, { language: "zh", theme: "dark" });
  await signIn(page, "/settings");

  await page.getByRole("button", { name: "新字段" }).click();
  const dialog = page.getByRole("dialog", { name: "新字段" });
  await dialog.getByLabel("类型").selectOption("多选");
  await dialog.getByLabel("选项").fill("北，南");
  await dialog.getByRole("checkbox", { name: "北" }).click();
  await expect(dialog.getByRole("group", { name: "新记录的默认值" })).toBeVisible();
  await expectAccessible(page);
});
