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
