import { expect, expectAccessible, setLook, signIn, test } from "./story";

test("a program reads contacts with a key until it is revoked, and changes nothing", async ({
  page,
  playwright,
  baseURL,
}) => {
  await setLook(page, { language: "en", theme: "light" });
  await signIn(page, "/settings");
  const name = `Story ${Date.now().toString(36)}`;

  await page.getByLabel("What the key is for").fill(name);
  await page.getByRole("checkbox", { name: "See contacts" }).click();
  await page.getByRole("button", { name: "Make a key" }).click();
  const secret = await page.getByLabel("The new key").inputValue();
  await expectAccessible(page);

  const program = await playwright.request.newContext({
    baseURL,
    extraHTTPHeaders: { Authorization: `Bearer ${secret}` },
  });
  expect((await program.get("/api/v1/contacts?limit=1")).status()).toBe(200);
  expect((await program.post("/api/v1/contacts", { data: { name: "Nobody" } })).status()).toBe(403);
  expect((await program.get("/api/v1/companies")).status()).toBe(403);

  await page.reload();
  await expect(page.getByLabel("The new key")).toHaveCount(0);
  await page.getByRole("button", { name: `Revoke ${name}` }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  // What is behind an open dialog has no roles.
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.getByRole("button", { name: `Revoke ${name}` })).toHaveCount(0);
  expect((await program.get("/api/v1/contacts?limit=1")).status()).toBe(401);
  await program.dispose();
});

test("another browser is signed out from this one", async ({ page, browser, baseURL }) => {
  await setLook(page, { language: "en", theme: "dark" });
  await signIn(page, "/settings");
  const other = await browser.newContext({ baseURL });
  const elsewhere = await other.newPage();
  await signIn(elsewhere, "/contacts");

  await page.reload();
  await page.getByRole("button", { name: "Sign out everywhere else" }).click();
  await expect(page.getByText("This browser")).toBeVisible();
  await expect(page.getByRole("button", { name: "Sign out everywhere else" })).toHaveCount(0);
  await expectAccessible(page);

  await elsewhere.reload();
  await expect(elsewhere).toHaveURL(/sign-in/);
  await other.close();
});
