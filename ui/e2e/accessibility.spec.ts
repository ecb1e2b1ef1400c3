import { expectAccessible, expect, setLook, signIn, test, type Look } from "./story";

const LOOKS: Look[] = [
  { language: "en", theme: "light" },
  { language: "en", theme: "dark" },
  { language: "zh", theme: "light" },
  { language: "zh", theme: "dark" },
];
const LISTS = [
  "/contacts",
  "/companies",
  "/deals",
  "/deals/list",
  "/orders",
  "/products",
  "/tickets",
  "/tasks",
  "/imports",
  "/models/runs",
];
const SHOW_RECORDS = { en: "Show source records", zh: "查看来源记录" };
const MERGE_WITH = { en: "Merge with…", zh: "与…合并" };
const SHOWN = ["/contacts", "/companies", "/orders", "/products", "/tickets", "/imports", "/models/runs"];

for (const look of LOOKS) {
  test(`every screen is accessible in ${look.language}, ${look.theme}`, async ({ page }) => {
    test.setTimeout(360_000);
    await setLook(page, look);
    await signIn(page);

    const pages = [
      ...[
        "/",
        ...LISTS,
        "/segments",
        "/models",
        "/models/runs/compare",
        "/sources",
        "/duplicates",
        "/pool",
        "/settings",
      ],
      ...["/settings/roles", "/settings/roles?role=new", "/settings/teams", "/settings/teams?team=new"],
    ];
    for (const path of pages) {
      await page.goto(path);
      await expect(page.locator("main h1")).toBeVisible();
      await expect(page.getByRole("status")).toHaveCount(0);
      await expectAccessible(page);
    }
    for (const path of SHOWN) {
      await page.goto(path);
      await page.locator("[data-row-link]").first().click();
      await expect(page).toHaveURL(new RegExp(`${path}/.+`));
      await expect(page.getByRole("status")).toHaveCount(0);
      await expectAccessible(page);
    }
  });

  test(`everything that opens is accessible in ${look.language}, ${look.theme}`, async ({ page }) => {
    test.setTimeout(240_000);
    await setLook(page, look);
    await signIn(page, "/contacts");
    await expect(page.locator("[data-row-link]").first()).toBeVisible();

    await page.keyboard.press("Control+k");
    await expect(page.getByRole("combobox")).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press("Escape");

    await page.locator("main [aria-haspopup=dialog]").first().click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press("Escape");

    await page.goto("/contacts?new=1");
    await expect(page.getByRole("dialog")).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press("Escape");

    await page.locator("[data-row-link]").first().click();
    await page.getByRole("button", { name: SHOW_RECORDS[look.language] }).click();
    await expect(page.getByRole("dialog").locator("article").first()).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press("Escape");

    await page.getByRole("button", { name: MERGE_WITH[look.language] }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await expectAccessible(page);

    await page.goto("/no/such/page");
    await expect(page.getByRole("link").first()).toBeVisible();
    await expectAccessible(page);
  });

  test(`the sign-in is accessible in ${look.language}, ${look.theme}`, async ({ page }) => {
    await setLook(page, look);
    await page.goto("/sign-in");

    await expect(page.locator("input[type=password]")).toBeVisible();
    await expectAccessible(page);
  });
}
