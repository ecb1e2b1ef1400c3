import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";

import { ApiError } from "@/api/problem";
import { expectAccessible, renderApp } from "@/test/render";

it("a field is made in the settings, and companies have it: on their page and in their list", async () => {
  const { user, data, history, container } = await renderApp("/settings");

  await user.selectOptions(await screen.findByLabelText("Of"), "company");
  await user.click(screen.getByRole("button", { name: "New field" }));
  const dialog = await screen.findByRole("dialog", { name: "New field" });
  const form = within(dialog);
  await user.type(form.getByLabelText("Name in English"), "Number of sites");
  expect(form.getByLabelText("Key")).toHaveValue("number_of_sites");
  await user.selectOptions(form.getByLabelText("Type"), "integer");
  await expectAccessible(dialog);
  await user.click(form.getByRole("button", { name: "Add field" }));
  expect(await screen.findByText(/custom\.number_of_sites/)).toBeVisible();
  await expectAccessible(container);

  const [company] = (await data.list("companies", {}, { limit: 1 })).items;
  history.push(`/companies/${company!.id}`);
  await user.click(await screen.findByRole("button", { name: /^Number of sites: / }));
  await user.type(screen.getByRole("textbox", { name: "Number of sites" }), "12{Enter}");
  await waitFor(async () =>
    expect((await data.find("companies", company!.id)).custom).toEqual({ number_of_sites: 12 }),
  );

  history.push("/companies?cols=name,custom.number_of_sites");
  expect(await screen.findByRole("columnheader", { name: /Number of sites/ })).toBeVisible();
});

it("a field is put away and taken out again", async () => {
  const { user, data } = await renderApp("/settings");
  const text = { kind: "text" } as const;
  const label = { en: "Motto", zh: "座右铭" };
  await data.createCustomField({ object: "contact", key: "motto", label, type: text });

  const line = await screen.findByText(/custom\.motto/).then((found) => within(found.closest("li")!));
  await user.click(line.getByRole("button", { name: "Archive" }));

  expect(await line.findByText("Archived")).toBeVisible();
  expect(line.getByRole("button", { name: "Delete with all values" })).toBeVisible();
  await user.click(line.getByRole("button", { name: "Use again" }));
  await waitFor(() => expect(line.queryByText("Archived")).toBeNull());
});

it("a field is called otherwise, gets options, and must be given from now on", async () => {
  const { user, data } = await renderApp("/settings");
  const field = await data.createCustomField({
    object: "contact",
    key: "tier",
    label: { en: "Tier", zh: "等级" },
    type: { kind: "choice", options: ["gold", "tin"], labels: {} },
  });

  await user.click(await screen.findByRole("button", { name: "Change Tier" }));
  const dialog = await screen.findByRole("dialog", { name: "Change Tier" });
  const form = within(dialog);
  expect(dialog).toHaveAccessibleDescription("custom.tier · One of some options");
  expect(form.queryByLabelText("Key")).toBeNull();
  await expectAccessible(dialog);
  await user.clear(form.getByLabelText("Name in English"));
  await user.type(form.getByLabelText("Name in English"), "Level");
  await user.type(form.getByLabelText("What gold is called"), "Gold tier");
  await user.click(form.getByRole("button", { name: "Move tin up" }));
  await user.type(form.getByLabelText("New options"), "lead");
  await user.selectOptions(form.getByLabelText("Value of new records"), "Gold tier");
  await user.click(form.getByRole("checkbox", { name: "Required" }));
  await user.click(form.getByRole("button", { name: "Save" }));

  expect(await screen.findByText("Level is saved")).toBeVisible();
  expect(screen.queryByRole("dialog")).toBeNull();
  expect((await data.customFields())[0]).toMatchObject({
    label: { en: "Level", zh: "等级" },
    type: { options: ["tin", "gold", "lead"], labels: { gold: "Gold tier" } },
    default: "gold",
    is_required: true,
    is_unique: false,
    version: field.version + 1,
  });
});

it("a change that the server refuses stands where it can be mended, and is not lost", async () => {
  const { user, data } = await renderApp("/settings");
  const type = { kind: "text" } as const;
  await data.createCustomField({ object: "contact", key: "code", label: { en: "Code", zh: "代码" }, type });
  data.updateCustomField = () =>
    Promise.reject(
      new ApiError(422, "invalid", "", [
        { pointer: "/is_unique", code: "not_unique", message: '2 records have the value "a"' },
        { pointer: "/label/en", code: "bad_length", message: "must have between 1 and 100 characters" },
      ]),
    );

  await user.click(await screen.findByRole("button", { name: "Change Code" }));
  const form = within(await screen.findByRole("dialog"));
  await user.click(form.getByRole("checkbox", { name: "No two records alike" }));
  await user.click(form.getByRole("button", { name: "Save" }));

  expect(await form.findByRole("alert")).toHaveTextContent("Some records have the same value");
  expect(form.getByLabelText("Name in English")).toHaveAccessibleDescription("Between 1 and 100 characters.");
  expect(form.getByRole("checkbox", { name: "No two records alike" })).toBeChecked();
});
