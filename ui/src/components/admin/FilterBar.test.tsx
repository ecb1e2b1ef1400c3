import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, it } from "vitest";

import type { ListQuery } from "@/api/dataProvider";
import { renderApp } from "@/test/render";
import { forgetLists } from "./listMemory";

beforeEach(forgetLists);

/** The list of contacts at an address, and what it asked for last. */
async function openContacts(address = "/contacts") {
  const app = await renderApp(address, { customers: 40 });
  const asked: { last: ListQuery } = { last: {} };
  const list = app.data.list;
  app.data.list = ((resource: "contacts", query: ListQuery, page: object) => {
    if (resource === "contacts") asked.last = query;
    return list(resource, query, page);
  }) as typeof list;
  await screen.findByRole("grid");
  return { ...app, asked };
}

it("a time that is named from today is chosen, and stands in the address by its name", async () => {
  const { user, asked } = await openContacts();

  await user.click(screen.getByRole("button", { name: "Filter" }));
  await user.selectOptions(await screen.findByLabelText("Field"), "Last order");
  await user.selectOptions(screen.getByLabelText("Condition"), "longer ago than");
  await user.clear(screen.getByLabelText("How many"));
  await user.type(screen.getByLabelText("How many"), "6");
  await user.selectOptions(screen.getByLabelText("Unit"), "months");
  await user.click(screen.getByRole("button", { name: "Apply" }));

  await waitFor(() =>
    expect(asked.last.filter).toEqual([{ field: "last_order_at", op: "older_than", value: "6m" }]),
  );
  expect(screen.getByRole("button", { name: "Last order longer ago than 6 months" })).toBeInTheDocument();
});

it("a condition gets another one of which one must hold, and loses it again", async () => {
  const { user, asked } = await openContacts("/contacts?filter=country:eq:France");

  await user.click(await screen.findByRole("button", { name: "Country is France" }));
  await user.click(await screen.findByRole("button", { name: "Or another condition…" }));
  await user.selectOptions(screen.getByLabelText("Field"), "Orders");
  await user.selectOptions(screen.getByLabelText("Condition"), "between");
  await user.type(screen.getByLabelText("From"), "2");
  await user.type(screen.getByLabelText("To"), "5");
  await user.click(screen.getByRole("button", { name: "Or" }));

  const chip = await screen.findByRole("button", { name: "Country is France or Orders between 2 and 5" });
  expect(asked.last.anyOf).toEqual([
    [
      { field: "country", op: "eq", value: "France" },
      { field: "n_orders", op: "between", value: "2,5" },
    ],
  ]);

  await user.click(chip);
  const form = await screen.findByRole("dialog");
  await user.click(within(form).getByRole("button", { name: "Remove filter: Country is France" }));

  await screen.findByRole("button", { name: "Orders between 2 and 5" });
  expect(asked.last.anyOf).toBeUndefined();
  expect(asked.last.filter).toEqual([{ field: "n_orders", op: "between", value: "2,5" }]);
});

it("a filter that lacks a value is not applied", async () => {
  const { user, asked } = await openContacts();

  await user.click(screen.getByRole("button", { name: "Filter" }));
  await user.selectOptions(await screen.findByLabelText("Field"), "Orders");
  await user.selectOptions(screen.getByLabelText("Condition"), "between");
  await user.type(screen.getByLabelText("From"), "2");
  await user.click(screen.getByRole("button", { name: "Apply" }));

  expect(screen.getByRole("button", { name: "Apply" })).toBeInTheDocument();
  expect(asked.last.filter).toBeUndefined();
});
