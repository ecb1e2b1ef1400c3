import { expectAccessible, expect, setLook, signIn, test, type Look } from "./story";

const LOOKS: Look[] = [
  { language: "en", theme: "light" },
  { language: "en", theme: "dark" },
  { language: "zh", theme: "light" },
  { language: "zh", theme: "dark" },
];
const LISTS = ["/contacts", "/companies", "/orders", "/products", "/tickets", "/tasks", "/imports"];
const SHOWN = ["/contacts", "/orders", "/products"];

for (const look of LOOKS) {
  test(`every screen is accessible in ${look.language}, ${look.theme}`, async ({ page }) => {
    test.setTimeout(240_000);
    await setLook(page, look);
    await signIn(page);

    for (const path of ["/", ...LISTS, "/segments", "/settings"]) {
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

  test(`the sign-in is accessible in ${look.language}, ${look.theme}`, async ({ page }) => {
    await setLook(page, look);
    await page.goto("/sign-in");

    await expect(page.locator("input[type=password]")).toBeVisible();
    await expectAccessible(page);
  });
}
