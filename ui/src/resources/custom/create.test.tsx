import { screen, waitFor, within } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import { ApiError } from "@/api/problem";
import type { CustomFieldInput } from "@/api/types";
import { expectAccessible, renderApp } from "@/test/render";

const named = (en: string) => ({ en, zh: en });

/** The app at an address, where the company has these fields; and what it sent to make a record. */
async function openAt(path: string, fields: CustomFieldInput[]) {
  // The home screen has no custom fields, so they are read anew by what comes after it.
  const app = await renderApp("/");
  for (const field of fields) await app.data.createCustomField(field);
  const create = vi.spyOn(app.data, "create");
  app.history.push(path);
  return { ...app, create };
}

it.each([
  ["contact", "/contacts?new=1", "Name", /^Create contact$/, "contacts"],
  ["company", "/companies?new=1", "Name", /^Create company$/, "companies"],
  ["deal", "/deals?new=1", "Name", /^Create deal$/, "deals"],
  ["ticket", "/tickets?new=1", "Subject", /^Add$/, "tickets"],
  ["task", "/tasks?new=1", "Task", /^Add$/, "tasks"],
] as const)("a new %s gets what the company asks for", async (object, path, name, submit, resource) => {
  const { user, create } = await openAt(path, [
    { object, key: "region", label: named("Region"), type: { kind: "text" }, is_required: true },
    { object, key: "motto", label: named("Motto"), type: { kind: "text" } },
  ]);
  const dialog = await screen.findByRole("dialog");
  const form = within(dialog);
  const region = await form.findByLabelText("Region");
  expect(region).toBeRequired();
  expect(form.queryByLabelText("Motto")).toBeNull();
  await expectAccessible(dialog);

  await user.type(form.getByLabelText(name), "Something new");
  await user.type(region, "North");
  await user.click(form.getByRole("button", { name: submit }));

  await waitFor(() => expect(create).toHaveBeenCalledTimes(1));
  expect(create.mock.calls[0]).toMatchObject([resource, { custom: { region: "North" } }]);
});

it("other fields come on demand, of every type, and only what was touched is sent", async () => {
  const options = { options: ["gold", "tin"], labels: { tin: "Tin tier" } };
  const { user, create } = await openAt("/companies?new=1", [
    { object: "company", key: "sites", label: named("Sites"), type: { kind: "integer" } },
    { object: "company", key: "since", label: named("Since"), type: { kind: "date" } },
    { object: "company", key: "vip", label: named("VIP"), type: { kind: "boolean" }, default: true },
    { object: "company", key: "story", label: named("Story"), type: { kind: "long_text" } },
    { object: "company", key: "tier", label: named("Tier"), type: { kind: "choice", ...options } },
    {
      object: "company",
      key: "metals",
      label: named("Metals"),
      help: named("Which they trade in"),
      type: { kind: "multiple_choice", ...options },
    },
  ]);
  const dialog = await screen.findByRole("dialog");
  const form = within(dialog);

  await user.click(await form.findByRole("button", { name: "6 more fields" }));
  expect(form.getByLabelText("Sites")).toHaveFocus();
  expect(form.getByLabelText("VIP")).toHaveValue("true");
  expect(form.getByRole("group", { name: "Metals" })).toHaveAccessibleDescription("Which they trade in");
  await expectAccessible(dialog);

  await user.type(form.getByLabelText("Name"), "Tin & Sons");
  await user.type(form.getByLabelText("Sites"), "12");
  await user.type(form.getByLabelText("Story"), "Two brothers");
  await user.selectOptions(form.getByLabelText("Tier"), "Tin tier");
  await user.click(form.getByRole("checkbox", { name: "Tin tier" }));
  await user.click(form.getByRole("button", { name: "Create company" }));

  await waitFor(() => expect(create).toHaveBeenCalledTimes(1));
  expect(create.mock.calls[0]![1].custom).toEqual({
    sites: 12,
    story: "Two brothers",
    tier: "tin",
    metals: ["tin"],
  });
});

it("what the server says against a custom field stands at that field, not at one of its name", async () => {
  const { user, create } = await openAt("/contacts?new=1", [
    {
      object: "contact",
      key: "name",
      label: named("Maiden name"),
      type: { kind: "text" },
      is_required: true,
    },
  ]);
  create.mockRejectedValue(
    new ApiError(409, "taken", "", [{ pointer: "/custom/name", code: "taken", message: "Ada has it" }]),
  );
  const form = within(await screen.findByRole("dialog"));
  await user.type(await form.findByLabelText("Maiden name"), "Byron");
  await user.type(form.getByLabelText("Name"), "Ada");
  await user.click(form.getByRole("button", { name: "Create contact" }));

  await waitFor(() =>
    expect(form.getByLabelText("Maiden name")).toHaveAccessibleDescription(/^Another record has this value/),
  );
  expect(form.getByLabelText("Name")).not.toHaveAccessibleDescription();
  expect(form.queryByRole("alert")).toBeNull();
});

it("a task about a customer opens the dialog where more than a title is asked for", async () => {
  const { user, data, history, create } = await openAt("/contacts", [
    { object: "task", key: "room", label: named("Room"), type: { kind: "text" }, is_required: true },
  ]);
  const [contact] = (await data.list("contacts", {}, { limit: 1 })).items;
  history.push(`/contacts/${contact!.id}`);

  const title = await screen.findByPlaceholderText("New task");
  await user.type(title, "Call back{Enter}");
  const form = within(await screen.findByRole("dialog", { name: "New task" }));
  expect(form.getByLabelText("Task")).toHaveValue("Call back");
  expect(form.getByRole("combobox", { name: "Customer" })).toHaveValue(contact!.name);
  await user.type(form.getByLabelText("Room"), "12");
  await user.click(form.getByRole("button", { name: "Add" }));

  await waitFor(() => expect(title).toHaveValue(""));
  expect(create.mock.calls[0]).toMatchObject([
    "tasks",
    { title: "Call back", subject: { kind: "contact", id: contact!.id }, custom: { room: "12" } },
  ]);
});
