import { expect, expectAccessible, setLook, signIn, test } from "./story";

/** Two good lines, a date in no format and a quantity that is no number. */
const FILE = [
  "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country",
  "990001,STORY1,LANTERN OF THE STORY,6,2011-12-01 08:26:00,2.55,STORY-1,United Kingdom",
  "990002,STORY2,HOLDER OF THE STORY,2,2011-12-02 09:00:00,3.39,STORY-2,France",
  "990003,STORY1,LANTERN OF THE STORY,6,31/31/2011,2.55,STORY-1,United Kingdom",
  "990004,STORY1,LANTERN OF THE STORY,six,2011-12-03 08:26:00,2.55,STORY-1,United Kingdom",
].join("\n");

test("import a file: mapping, run, rejected rows", async ({ page }) => {
  await setLook(page, { language: "en", theme: "light" });
  await signIn(page, "/imports");

  await page.setInputFiles("input[type=file]", {
    name: "story.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(FILE),
  });
  await expect(page.getByRole("heading", { level: 1, name: "story.csv" })).toBeVisible();
  await expect(page.getByRole("table", { name: "Mapping" })).toContainText("InvoiceNo");
  await expect(page.getByLabel("Field for column InvoiceDate")).not.toHaveValue("");

  await expectAccessible(page);
  await page.getByRole("button", { name: "Run import" }).click();

  const rejected = page.getByRole("table", { name: "Rejected rows" });
  await expect(rejected).toContainText("31/31/2011", { timeout: 45_000 });
  await expect(rejected).toContainText("six");
  await expectAccessible(page);
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download CSV" }).click();
  expect((await download).suggestedFilename()).toMatch(/\.csv$/);
});

test("a column that none of the fields is for fills a new one", async ({ page }) => {
  const name = `Badge ${Date.now().toString(36)}`;
  await setLook(page, { language: "en", theme: "dark" });
  await signIn(page, "/imports");
  const rows = [
    "Name,Email," + name,
    "Story Person,person@story.example,42",
    "Story Other,other@story.example,43",
  ];
  await page.setInputFiles("input[type=file]", {
    name: "people.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(rows.join("\n")),
  });
  await expect(page.getByRole("table", { name: "Mapping" })).toContainText(name);

  await page.getByLabel(`Field for column ${name}`).selectOption("New field…");
  const dialog = page.getByRole("dialog", { name: "New field" });
  await expect(dialog.getByLabel("Name in English")).toHaveValue(name);
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Add field" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByLabel(`Field for column ${name}`).locator("option:checked")).toHaveText(name);
  await page.getByRole("button", { name: "Run import" }).click();

  await expect(page.getByText("The rows are in.")).toBeVisible({ timeout: 45_000 });
  await page.goto("/contacts?q=person@story.example");
  await page.getByRole("link", { name: "Story Person" }).click();
  await expect(page.getByText("42", { exact: true })).toBeVisible();
});

test("a picture that is called .csv is refused with a reason", async ({ page }) => {
  await setLook(page, { language: "en", theme: "light" });
  await signIn(page, "/imports");

  const bytes = Buffer.from([
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1,
  ]);
  await page.setInputFiles("input[type=file]", { name: "picture.csv", mimeType: "text/csv", buffer: bytes });

  await expect(page.getByRole("alert")).toBeVisible();
});
