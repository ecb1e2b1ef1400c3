import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";

import { memoryProvider } from "@/api/memory";
import { expectAccessible, renderApp } from "@/test/render";

const { contacts } = memoryProvider({ customers: 30 }).data;
const unemployed = contacts.find(({ company }) => company === null)!;
const employed = contacts.find(({ company }) => company !== null)!;

it("a new contact gets its company by search, an owner and a language", async () => {
  const { user, data, baseElement } = await renderApp("/contacts?new=1");
  const dialog = await screen.findByRole("dialog", { name: "New contact" });

  await user.type(within(dialog).getByLabelText("Name"), "Grace Hopper");
  await user.type(within(dialog).getByRole("combobox", { name: "Company" }), "Lum");
  await user.click(await within(dialog).findByRole("option", { name: /Lumen/ }));
  await user.selectOptions(within(dialog).getByLabelText("Owner"), "Sam Price");
  await user.selectOptions(within(dialog).getByLabelText("Language"), "English");
  await expectAccessible(baseElement);
  await user.click(within(dialog).getByRole("button", { name: "Create contact" }));

  await screen.findByRole("heading", { level: 1, name: "Grace Hopper" });
  expect(data.data.contacts[0]).toMatchObject({
    company: { name: "Lumen" },
    owner: { name: "Sam Price" },
    language: "en",
    last_name: "Hopper",
  });
});

it("a company is found by the keyboard and taken back by undo", async () => {
  const { user, data } = await renderApp(`/contacts/${unemployed.id}`);
  const now = () => data.data.contacts.find(({ id }) => id === unemployed.id)!;

  await user.click(await screen.findByRole("button", { name: "Company: empty. Edit" }));
  await user.type(screen.getByRole("combobox", { name: "Company" }), "blue");
  await screen.findByRole("option", { name: /Blue Harbor/ });
  await user.keyboard("{Enter}");

  await waitFor(() => expect(now().company?.name).toBe("Blue Harbor"));
  await user.click(await screen.findByRole("button", { name: "Undo" }));
  await waitFor(() => expect(now().company).toBeNull());
});

it("emptying the field takes the company away, leaving it as it is does not", async () => {
  const { user, data } = await renderApp(`/contacts/${employed.id}`);
  const now = () => data.data.contacts.find(({ id }) => id === employed.id)!;

  await user.click(await screen.findByRole("button", { name: /^Company: / }));
  await user.tab();
  expect(now().company).not.toBeNull();
  await user.click(await screen.findByRole("button", { name: /^Company: / }));
  await user.clear(screen.getByRole("combobox", { name: "Company" }));
  await user.tab();

  await waitFor(() => expect(now().company).toBeNull());
});

it("a renamed contact is greeted by the new name", async () => {
  const { user, data } = await renderApp(`/contacts/${employed.id}`);

  await user.click(await screen.findByRole("button", { name: /^Name: / }));
  const field = screen.getByRole("textbox", { name: "Name" });
  await user.clear(field);
  await user.type(field, "Ana María García{Enter}");

  await waitFor(() =>
    expect(data.data.contacts.find(({ id }) => id === employed.id)).toMatchObject({
      name: "Ana María García",
      first_name: "Ana María",
      last_name: "García",
    }),
  );
});

it("a customer's last orders stand on the record and lead to all of them", async () => {
  const { user, data } = await renderApp(`/contacts/${employed.id}`);
  const orders = data.data.orders.filter(({ contact }) => contact?.id === employed.id);

  await user.click(await screen.findByRole("link", { name: new RegExp(`^All ${orders.length} orders?$`) }));

  expect(await screen.findByRole("button", { name: `Customer is ${employed.name}` })).toBeInTheDocument();
  expect(await screen.findByText(new RegExp(`^${orders.length} records?$`))).toBeInTheDocument();
  expect(screen.getAllByRole("link", { name: employed.name })[0]).toHaveAttribute(
    "href",
    `/contacts/${employed.id}`,
  );
});

it("Escape leaves the search for a company with everything as it was", async () => {
  const { user, data } = await renderApp(`/contacts/${employed.id}`);
  const before = employed.company!.name;

  await user.click(await screen.findByRole("button", { name: `Company: ${before}. Edit` }));
  await user.type(screen.getByRole("combobox", { name: "Company" }), "blue{Escape}{Escape}");

  const button = await screen.findByRole("button", { name: `Company: ${before}. Edit` });
  await waitFor(() => expect(button).toHaveFocus());
  expect(data.data.contacts.find(({ id }) => id === employed.id)?.company?.name).toBe(before);
});

it("Enter waits for what is found for the text as it stands", async () => {
  const { user, data } = await renderApp(`/contacts/${unemployed.id}`);
  const now = () => data.data.contacts.find(({ id }) => id === unemployed.id)!;
  const search = data.search;
  let isWaiting = false;
  data.search = (...all) => (isWaiting ? new Promise(() => {}) : search(...all));
  await user.click(await screen.findByRole("button", { name: "Company: empty. Edit" }));
  const field = screen.getByRole("combobox", { name: "Company" });
  await user.type(field, "l");
  await screen.findByRole("option", { name: /Lumen/ });

  // Right after typing, and once the server was asked: what stands there is still about "l".
  isWaiting = true;
  await user.type(field, "x{Enter}");
  await new Promise((resolve) => setTimeout(resolve, 300));
  await user.type(field, "{Enter}");
  expect(screen.getByRole("option", { name: /Lumen/ })).toBeInTheDocument();
  expect(field).toHaveValue("lx");
  expect(now().company).toBeNull();

  isWaiting = false;
  await user.clear(field);
  await user.type(field, "blue");
  const found = within(screen.getByRole("listbox", { name: "Found" }));
  await waitFor(() => expect(found.queryByText("Lumen")).toBeNull());
  await found.findByText("Blue Harbor");
  await user.keyboard("{Enter}");
  await waitFor(() => expect(now().company?.name).toBe("Blue Harbor"));
});
