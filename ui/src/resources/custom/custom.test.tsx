import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";

import { expectAccessible, renderApp } from "@/test/render";

it("a field is made in the settings, and companies have it: on their page and in their list", async () => {
  const { user, data, history, container } = await renderApp("/settings");

  await user.selectOptions(await screen.findByLabelText("Of"), "company");
  await user.type(screen.getByLabelText("Name in English"), "Number of sites");
  expect(screen.getByLabelText("Key")).toHaveValue("number_of_sites");
  await user.selectOptions(screen.getByLabelText("Type"), "integer");
  await user.click(screen.getByRole("button", { name: "Add field" }));
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
