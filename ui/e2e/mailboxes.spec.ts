import { expect, expectAccessible, setLook, signIn, test } from "./story";

test("an administrator adds a mailbox, hears what is wrong with it, pauses and removes it", async ({
  page,
}) => {
  await setLook(page, { language: "en", theme: "light" });
  await signIn(page, "/settings");
  await page.getByRole("link", { name: "Mailboxes" }).click();
  const name = `Story ${Date.now().toString(36)}`;

  await page.getByRole("button", { name: "New mailbox" }).click();
  const form = page.getByRole("dialog", { name: "New mailbox" });
  await form.getByLabel("Name").fill(name);
  await form.getByLabel("Mail server").fill("127.0.0.1");
  await form.getByLabel("Account").fill("sales@house.example");
  await form.getByLabel("Password").fill("hunter2");
  await form.getByRole("button", { name: "Try the connection" }).click();
  await expect(form.getByText(/inside of a private network/)).toBeVisible({ timeout: 25_000 });
  await expectAccessible(page);
  // The name leads nowhere.
  await form.getByLabel("Mail server").fill("imap.story.invalid");
  await form.getByRole("button", { name: "Try the connection" }).click();
  await expect(form.getByText(/Nobody knows the mail server/)).toBeVisible({ timeout: 25_000 });
  await form.getByLabel("Encryption").selectOption("start_tls");
  await expect(form.getByLabel("Port")).toHaveValue("143");
  await form.getByLabel("Is read").selectOption({ label: "every 5 minutes" });
  await form.getByRole("button", { name: "Add mailbox" }).click();

  // It is read at once, and the screen says why that does not work.
  await expect(page.getByRole("heading", { name })).toBeVisible();
  await expect(page.getByRole("status").getByText(/Nobody knows the mail server/)).toBeVisible({
    timeout: 60_000,
  });
  await expectAccessible(page);
  await page.getByRole("button", { name: "Pause" }).click();
  await expect(page.getByRole("button", { name: "Go on" })).toBeVisible();
  await page.getByRole("button", { name: "Change mailbox" }).click();
  const change = page.getByRole("dialog", { name: "Change mailbox" });
  await expect(change.getByLabel("Password")).toHaveValue("");
  await change.getByLabel("Mail server").fill("imap.other.invalid");
  await change.getByLabel("Password").fill("hunter3");
  await change.getByRole("button", { name: "Save mailbox" }).click();
  await expect(page.getByText("sales@house.example at imap.other.invalid:143")).toBeVisible();

  await page.getByRole("button", { name: "Remove" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await expect(page.getByRole("link", { name })).toHaveCount(0);
});

test("the mailboxes look right in the dark and in Chinese", async ({ page }) => {
  await setLook(page, { language: "zh", theme: "dark" });
  await signIn(page, "/settings/mailboxes");

  await expect(page.getByRole("heading", { name: "邮箱" })).toBeVisible();
  await page.getByRole("button", { name: "新建邮箱" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await expectAccessible(page);
});
