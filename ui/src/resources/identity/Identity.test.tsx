import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";

import { memoryProvider } from "@/api/memory";
import { expectAccessible, renderApp } from "@/test/render";

const options = { customers: 30, duplicates: 4 };
/** The make-believe company is the same in each test, so who stands in it is known before. */
const [pair] = (await memoryProvider(options).matchPairs({ sort: "-probability" }, {})).items;
const { left, right } = pair!;
const path = `/contacts/${left.contact_id}`;

async function openRecord() {
  const app = await renderApp(path, options);
  await screen.findByRole("heading", { level: 1, name: left.name });
  return app;
}

it("tells what a contact is made of and who may be the same person", async () => {
  const { container, user, history } = await openRecord();

  expect(screen.getByRole("heading", { name: "Made of these sources" })).toBeVisible();
  const list = await screen.findByRole("list", { name: "Possible duplicates" });
  await expectAccessible(container);
  await user.click(within(list).getByRole("link", { name: `Compare with ${right.name}` }));

  await waitFor(() => expect(history.location.pathname).toBe("/duplicates"));
  expect(await screen.findByRole("table", { name: "The two compared" })).toBeVisible();
});

it("merges another contact in, tells of it, and parts them again", async () => {
  const { container, user, data } = await openRecord();
  await user.click(screen.getByRole("button", { name: "Merge with…" }));
  const dialog = await screen.findByRole("dialog", { name: "Merge two contacts" });
  await user.type(within(dialog).getByRole("combobox", { name: "The other contact" }), right.name);
  await user.click((await within(dialog).findAllByRole("option", { name: new RegExp(right.name) })).at(-1)!);
  await within(dialog).findByRole("table", { name: "The two compared" });
  await user.click(within(dialog).getByRole("button", { name: /record 1$/ }));
  await user.type(within(dialog).getByLabelText("Reason (optional)"), "one phone");
  await expectAccessible(dialog);
  await user.click(within(dialog).getByRole("button", { name: `Merge into ${left.name}` }));

  const past = await screen.findByRole("list", { name: "Past merges" });
  expect(await within(past).findByText(/became part of this contact$/)).toBeVisible();
  expect(within(past).getByText("“one phone”")).toBeVisible();
  expect(within(past).getByText(/by Marta Keller/)).toBeVisible();
  await expectAccessible(container);

  await user.click(within(past).getByRole("button", { name: /^Unmerge / }));
  const sure = await screen.findByRole("dialog", { name: /a contact of its own again\?$/ });
  await expectAccessible(sure);
  await user.click(within(sure).getByRole("button", { name: "Unmerge" }));

  expect((await screen.findAllByText(/is a contact of its own again$/))[0]).toBeVisible();
  expect(await within(past).findByText("taken back")).toBeVisible();
  expect(within(past).queryByRole("button", { name: /^Unmerge / })).toBeNull();
  expect(data.data.contacts.some(({ id }) => id === right.contact_id)).toBe(true);
});

it("brings back what is left where part of it is gone, and tells what stays away", async () => {
  const { user, data, history } = await renderApp("/tasks", options);
  await data.mergeContacts(left.contact_id, right.contact_id, null);
  data.log.lost.set(1, ["2 orders were deleted"]);
  history.push(path);
  await user.click(await screen.findByRole("button", { name: /^Unmerge / }));
  const dialog = await screen.findByRole("dialog", { name: /a contact of its own again\?$/ });
  await user.click(within(dialog).getByRole("button", { name: "Unmerge" }));
  expect(await within(dialog).findByRole("alert")).toHaveTextContent("2 orders were deleted");

  await user.click(within(dialog).getByRole("button", { name: "Take back what is left" }));

  expect(await screen.findByRole("heading", { name: "What could not be brought back" })).toBeVisible();
  expect(screen.getByText("2 orders were deleted")).toBeVisible();
});

it("splits a source off into a contact of its own", async () => {
  const { user, data } = await openRecord();
  await user.click(screen.getByRole("button", { name: /^Split off Newsletter/ }));
  const dialog = await screen.findByRole("dialog", { name: `Split sources off ${left.name}` });
  const [shop, letter] = within(dialog).getAllByRole("checkbox");
  expect(letter).toBeChecked();
  await user.click(shop!);
  expect(within(dialog).getByRole("button", { name: "Split off" })).toBeDisabled();
  await user.click(shop!);
  await user.clear(within(dialog).getByLabelText("Name of the new contact"));
  await user.type(within(dialog).getByLabelText("Name of the new contact"), "Sister");
  await expectAccessible(dialog);
  await user.click(within(dialog).getByRole("button", { name: "Split off" }));

  expect(await screen.findByText("Sister is a contact of its own now")).toBeVisible();
  const past = await screen.findByRole("list", { name: "Past merges" });
  expect(await within(past).findByText("Sister was split off")).toBeVisible();
  expect(data.data.contacts.some(({ name }) => name === "Sister")).toBe(true);
  await user.click(within(past).getByRole("button", { name: "Withdraw the decision about Sister" }));
  const sure = await screen.findByRole("dialog", { name: "Withdraw this decision?" });
  await user.click(within(sure).getByRole("button", { name: "Withdraw" }));
  expect(await within(past).findByText("taken back")).toBeVisible();
});

it("merges two that were selected in the list", async () => {
  const { user, data } = await renderApp("/contacts?sort=name", options);
  const boxes = await screen.findAllByRole("checkbox", { name: /^Select (?!all)/ });
  const nContacts = data.data.contacts.length;
  await user.click(boxes[0]!);
  expect(screen.queryByRole("button", { name: "Merge the two" })).toBeNull();
  await user.click(boxes[1]!);
  await user.click(await screen.findByRole("button", { name: "Merge the two" }));
  const dialog = await screen.findByRole("dialog", { name: "Merge two contacts" });
  expect(within(dialog).queryByRole("combobox", { name: "The other contact" })).toBeNull();

  await user.click(await within(dialog).findByRole("button", { name: /^Merge into / }));

  expect(await screen.findByText(/ is part of .* now$/)).toBeVisible();
  expect(data.data.contacts).toHaveLength(nContacts - 1);
  await user.click(screen.getByRole("button", { name: "Undo" }));
  expect(await screen.findByText(/is a contact of its own again$/)).toBeVisible();
  expect(data.data.contacts).toHaveLength(nContacts);
});

it("offers nobody to merge whose role does not allow it", async () => {
  await renderApp(path, { ...options, role: "viewer" });
  await screen.findByRole("heading", { level: 1, name: left.name });

  expect(screen.queryByRole("button", { name: "Merge with…" })).toBeNull();
  expect(screen.queryByRole("button", { name: /^Split off/ })).toBeNull();
});
