import AxeBuilder from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";

const EMAIL = process.env.RAPPORT_EMAIL ?? "admin@example.com";
const PASSWORD = process.env.RAPPORT_PASSWORD ?? "";

export type Look = { language: "en" | "zh"; theme: "light" | "dark" };

/** What the page logged that must not be: errors, and what the security policy refused. */
function watch(page: Page): string[] {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    // The browser logs every answer of 400 and above; before the sign-in one such answer is right.
    if (message.type() === "error" && !/Failed to load resource/.test(message.text())) {
      complaints.push(message.text());
    }
  });
  return complaints;
}

/** A page that fails the story when it logs an error or breaks the content security policy. */
export const test = base.extend<{ complaints: string[] }>({
  complaints: [
    async ({ page }, use) => {
      const complaints = watch(page);
      await use(complaints);
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

export async function setLook(page: Page, { language, theme }: Look) {
  await page.addInitScript(
    ([language, theme]) => {
      localStorage.setItem("rapport.language", language);
      localStorage.setItem("rapport.theme", theme);
    },
    [language, theme] as const,
  );
}

/** Signs in through the form, unless a session is there already. */
export async function signIn(page: Page, path = "/") {
  await page.goto(path);
  const form = page.locator("input[type=password][autocomplete=current-password]");
  const heading = page.locator("main h1");
  await expect(form.or(heading).first()).toBeVisible();
  if ((await form.count()) === 0 || !page.url().includes("/sign-in")) return;
  await page.locator("input[type=email]").fill(EMAIL);
  await form.fill(PASSWORD);
  await page.locator("button[type=submit]").click();
  await expect(page).not.toHaveURL(/sign-in/);
  await expect(heading).toBeVisible();
}

export async function expectAccessible(page: Page) {
  // Half-transparent text of something that is just fading in would be measured as too pale.
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map((animation) => animation.finished)).catch(() => 0),
  );
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
    .analyze();
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`),
  ).toEqual([]);
}
