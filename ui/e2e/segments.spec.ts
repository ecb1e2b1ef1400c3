import { expect, setLook, signIn, test } from "./story";

const LONG = "Customers who bought often last year and then fell silent now";

/** The segments as the server has them, each under a name of sixty characters. */
async function withLongNames(page: import("@playwright/test").Page) {
  await page.route("**/api/v1/segmentations/current", async (route) => {
    const response = await route.fetch();
    const body = (await response.json()) as { segments: { name: object }[] };
    for (const segment of body.segments) segment.name = { en: LONG, zh: LONG };
    await route.fulfill({ response, json: body });
  });
}

for (const viewport of [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
]) {
  test(`names of ${LONG.length} characters leave nothing outside at ${viewport.width}`, async ({ page }) => {
    await page.setViewportSize(viewport);
    await setLook(page, { language: "en", theme: "light" });
    await withLongNames(page);
    await signIn(page, "/segments");
    const chips = page.getByRole("list", { name: "Segments" }).getByRole("button");
    await expect(chips.first()).toBeVisible();
    await chips.first().click();

    const outside = await page.evaluate(() => {
      const main = document.querySelector("main")!.getBoundingClientRect();
      return Array.from(document.querySelectorAll("main *"))
        .filter((element) => {
          const { left, right, width } = element.getBoundingClientRect();
          return width > 0 && (right > main.right + 1 || left < main.left - 1);
        })
        .map((element) => element.outerHTML.slice(0, 120));
    });
    expect(outside).toEqual([]);
    for (const chip of await chips.all()) {
      expect((await chip.boundingBox())!.height).toBeLessThanOrEqual(32);
    }
  });
}

test("over the map the wheel scrolls the page", async ({ page }) => {
  await setLook(page, { language: "en", theme: "light" });
  await signIn(page, "/segments");
  const map = page.getByRole("img", { name: /^Map of/ });
  await expect(map.locator("canvas").first()).toBeVisible();
  const top = async () => (await map.boundingBox())!.y;
  const before = await top();

  await map.hover();
  await page.mouse.wheel(0, 200);

  await expect.poll(top).toBeLessThan(before - 100);
  await expect(page.getByRole("button", { name: "Show all" })).toHaveCount(0);
});

test("the map zooms, keeps the zoom when a segment is chosen, and shows all again", async ({ page }) => {
  await setLook(page, { language: "en", theme: "light" });
  await signIn(page, "/segments");
  const map = page.getByRole("img", { name: /^Map of/ });
  await expect(map.locator("canvas").first()).toBeVisible();
  const box = (await map.boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.keyboard.down("Control");
  await page.mouse.wheel(0, -600);
  await page.keyboard.up("Control");
  const reset = page.getByRole("button", { name: "Show all" });
  await expect(reset).toBeVisible();

  await page.getByRole("list", { name: "Segments" }).getByRole("button").first().click();
  await expect(page.getByRole("link", { name: "Open in contacts" })).toBeVisible();
  await expect(reset).toBeVisible();
  await reset.click();

  await expect(reset).toHaveCount(0);
});
