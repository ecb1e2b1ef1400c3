import { expect, expectAccessible, setLook, signIn, test } from "./story";

test("a change of a contact is found in the audit, set back, and the chain stays whole", async ({ page }) => {
  await setLook(page, { language: "en", theme: "dark" });
  await signIn(page, "/contacts");
  const name = `Audited ${Date.now().toString(36)}`;
  const headers = { "x-rapport-csrf": "1" };
  const made = await page.request.post("/api/v1/contacts", { headers, data: { name, title: "Buyer" } });
  const { id } = (await made.json()) as { id: string };
  await page.request.patch(`/api/v1/contacts/${id}`, {
    headers: { ...headers, "If-Match": '"1"' },
    data: { title: "Countess" },
  });

  await page.goto(`/settings/audit?record=${id}`);
  const entry = page.getByRole("row", { name: /Changed Contact/ });
  await expect(entry.getByText("Buyer")).toBeVisible();
  await expect(entry.getByText("Countess")).toBeVisible();
  await expectAccessible(page);

  await entry.getByRole("button", { name: /^Set back/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Set back" }).click();
  await expect(page.getByText(`${name} has its former values`)).toBeVisible();
  await page.getByRole("button", { name: "Check now" }).click();
  await expect(page.getByText(/^Whole: /)).toBeVisible();

  await page.goto(`/contacts/${id}`);
  await expect(page.getByRole("heading", { name: "Who saw this" })).toBeVisible();
  await expectAccessible(page);
});

test("a person is forgotten from the contact's page, by keyboard, and the audit tells no value", async ({
  page,
}) => {
  await setLook(page, { language: "en", theme: "light" });
  await signIn(page, "/contacts");
  const name = `Forgotten ${Date.now().toString(36)}`;
  const headers = { "x-rapport-csrf": "1" };
  const made = await page.request.post("/api/v1/contacts", { headers, data: { name, title: "Buyer" } });
  const { id } = (await made.json()) as { id: string };

  await page.goto(`/contacts/${id}`);
  const button = page.getByRole("button", { name: "Erase personal data" });
  await button.press("Enter");
  const dialog = page.getByRole("dialog", { name: `Erase personal data of ${name}?` });
  await expect(dialog.getByText("What goes")).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();

  await button.press("Enter");
  await dialog.getByRole("button", { name: "Erase for good" }).press("Enter");
  await expect(page).toHaveURL(/\/contacts$/);

  await page.goto(`/settings/audit?record=${id}`);
  await expect(page.getByRole("row", { name: /Values erased/ })).toBeVisible();
  await expect(page.getByText("The values were erased.").first()).toBeVisible();
  await expect(page.getByText("Buyer")).toBeHidden();
  const gone = await page.request.get(`/api/v1/contacts/${id}`);
  expect(gone.status()).toBe(404);
});
