import { expect, expectAccessible, setLook, signIn, test } from "./story";

const tag = () => Date.now().toString(36);

test("a role is put together and given out, and its holder is offered no more than it allows", async ({
  page,
  browser,
  baseURL,
}) => {
  await setLook(page, { language: "en", theme: "light" });
  await signIn(page, "/settings");
  const [name, role] = [`Nora ${tag()}`, `Sellers ${tag()}`];
  const [email, password] = [`${tag()}@example.com`, "a long enough password"];

  const users = page.locator("section").filter({ has: page.getByRole("heading", { name: "Users" }) });
  await users.getByLabel("Name", { exact: true }).fill(name);
  await users.locator("input[type=email]").fill(email);
  await users.getByLabel("First password").fill(password);
  await users.getByRole("button", { name: "Add user" }).click();
  await expect(users.getByLabel(`Role of ${name}`)).toBeVisible();

  await page.goto("/settings/roles?role=viewer");
  await page.getByRole("link", { name: "Make one like this" }).click();
  await page.getByLabel("Name", { exact: true }).fill(role);
  await page.getByLabel("Deals: See").selectOption({ label: "Own" });
  await page.getByLabel("Deals: Change").selectOption({ label: "Own" });
  await expectAccessible(page);
  await page.getByRole("button", { name: "Make role" }).click();
  await expect(page.getByText("Nobody has this role yet")).toBeVisible();

  await page.goto("/settings");
  await users.getByLabel(`Role of ${name}`).selectOption({ label: role });
  await expect(page.getByText(`${name} has another role now`)).toBeVisible();
  await expectAccessible(page);

  const other = await browser.newContext({ baseURL });
  const seller = await other.newPage();
  await setLook(seller, { language: "en", theme: "dark" });
  await seller.goto("/contacts");
  await seller.locator("input[type=email]").fill(email);
  await seller.locator("input[type=password]").fill(password);
  await seller.locator("button[type=submit]").click();
  await expect(seller.getByRole("heading", { level: 1, name: "Contacts" })).toBeVisible();
  await expect(seller.getByRole("button", { name: "New contact" })).toHaveCount(0);
  await expect(seller.getByRole("link", { name: "Shared pool" })).toHaveCount(0);
  await seller.goto("/settings/roles");
  await expect(seller.getByText("Not allowed")).toBeVisible();
  await expectAccessible(seller);
  await other.close();

  await page.goto("/settings");
  await users.getByLabel(`Role of ${name}`).selectOption({ label: "Viewer" });
  await expect(page.getByText(`${name} has another role now`)).toBeVisible();
  await page.goto("/settings/roles");
  await page.getByRole("link", { name: role }).click();
  await page.getByRole("button", { name: "Delete role" }).click();
  await expectAccessible(page);
  await page.getByRole("dialog").getByRole("button", { name: "Delete role" }).click();
  await expect(page.getByRole("link", { name: role })).toHaveCount(0);
});

test("a team is made, a record is shared with it, and the team goes", async ({ page }) => {
  await setLook(page, { language: "en", theme: "dark" });
  await signIn(page, "/settings/teams?team=new");
  const team = `Team ${tag()}`;
  await page.getByLabel("Name", { exact: true }).fill(team);
  await page.getByRole("button", { name: "Make team" }).click();
  await page.getByLabel("Add somebody").selectOption({ index: 1 });
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("checkbox", { name: /leads the team$/ }).click();
  await expect(page.getByRole("checkbox", { name: /leads the team$/ })).toBeChecked();
  await expectAccessible(page);
  const address = page.url();

  await page.goto("/companies");
  await page.locator("[data-row-link]").first().click();
  await page.getByLabel("Choose a person or a team").selectOption({ label: team });
  await page.getByRole("button", { name: "Share", exact: true }).click();
  await page.getByLabel(`What ${team} may do`).selectOption({ label: "Change" });
  await expect(page.getByLabel(`What ${team} may do`)).toHaveValue("edit");
  await expectAccessible(page);

  await page.goto(address);
  await page.getByRole("button", { name: "Delete team" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete team" }).click();
  await expect(page.getByRole("link", { name: team })).toHaveCount(0);
});

test("a record is given back to the pool and claimed again", async ({ page }) => {
  await setLook(page, { language: "zh", theme: "light" });
  await signIn(page, "/companies");
  await page.locator("[data-row-link]").first().click();
  const claim = page.getByRole("button", { name: "领取", exact: true });
  const release = page.getByRole("button", { name: "退回公海" });
  await expect(claim.or(release)).toBeVisible();
  if (await claim.isVisible()) await claim.click();

  await release.click();
  await expectAccessible(page);
  await page.getByRole("dialog").getByRole("button", { name: "退回公海" }).click();
  await expect(page.getByText("在公海中：无人负责")).toBeVisible();
  await expectAccessible(page);

  await claim.click();
  await expect(release).toBeVisible();
});

test("a role hides a field, and its holder finds it nowhere", async ({ page, browser, baseURL }) => {
  await setLook(page, { language: "en", theme: "dark" });
  await signIn(page, "/settings");
  const [name, role] = [`Fay ${tag()}`, `No phones ${tag()}`];
  const [email, password] = [`f${tag()}@example.com`, "a long enough password"];
  const users = page.locator("section").filter({ has: page.getByRole("heading", { name: "Users" }) });
  await users.getByLabel("Name", { exact: true }).fill(name);
  await users.locator("input[type=email]").fill(email);
  await users.getByLabel("First password").fill(password);
  await users.getByRole("button", { name: "Add user" }).click();
  await expect(users.getByLabel(`Role of ${name}`)).toBeVisible();

  await page.goto("/settings/roles?role=member");
  await page.getByRole("link", { name: "Make one like this" }).click();
  await page.getByLabel("Name", { exact: true }).fill(role);
  await page.getByLabel("What may be done with Phone").selectOption({ label: "Hidden" });
  await page.getByLabel("What may be done with Job title").selectOption({ label: "Only see" });
  await expect(page.getByRole("checkbox", { name: /Import files/ })).toBeDisabled();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Make role" }).click();
  await expect(page.getByText("Nobody has this role yet")).toBeVisible();
  await page.goto("/settings");
  await users.getByLabel(`Role of ${name}`).selectOption({ label: role });
  await expect(page.getByText(`${name} has another role now`)).toBeVisible();

  const other = await browser.newContext({ baseURL });
  const agent = await other.newPage();
  await setLook(agent, { language: "en", theme: "light" });
  await agent.goto("/contacts");
  await agent.locator("input[type=email]").fill(email);
  await agent.locator("input[type=password]").fill(password);
  await agent.locator("button[type=submit]").click();
  await expect(agent.getByRole("heading", { level: 1, name: "Contacts" })).toBeVisible();
  await expect(agent.getByRole("link", { name: "Imports" })).toHaveCount(0);
  await agent.getByRole("button", { name: "Columns" }).click();
  await expect(agent.getByRole("checkbox", { name: "E-mail" })).toBeVisible();
  await expect(agent.getByRole("checkbox", { name: "Phone" })).toHaveCount(0);
  await agent.keyboard.press("Escape");
  await agent.locator("[data-row-link]").first().click();
  await expect(agent.getByText("E-mail", { exact: true })).toBeVisible();
  await expect(agent.getByText("Phone", { exact: true })).toHaveCount(0);
  await expect(agent.getByRole("button", { name: /^Change Job title/ })).toHaveCount(0);
  await expectAccessible(agent);
  await other.close();

  await page.goto("/settings");
  await users.getByLabel(`Role of ${name}`).selectOption({ label: "Viewer" });
  await expect(page.getByText(`${name} has another role now`)).toBeVisible();
  await page.goto("/settings/roles");
  await page.getByRole("link", { name: role }).click();
  await page.getByRole("button", { name: "Delete role" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete role" }).click();
  await expect(page.getByRole("link", { name: role })).toHaveCount(0);
});
