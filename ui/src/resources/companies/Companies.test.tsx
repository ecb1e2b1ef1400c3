import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import { memoryProvider } from "@/api/memory";
import { expectAccessible, renderApp } from "@/test/render";

const { companies } = memoryProvider({ customers: 30 }).data;
const lumen = companies.find(({ name }) => name === "Lumen")!;

it("a company is made in a dialog and opened", async () => {
  const { user, history, data, baseElement } = await renderApp("/companies?new=1");

  const dialog = await screen.findByRole("dialog", { name: "New company" });
  await user.type(within(dialog).getByLabelText("Name"), "Brightwater");
  await user.type(within(dialog).getByLabelText("Employees"), "120");
  await user.selectOptions(within(dialog).getByLabelText("Country"), "Norway");
  await expectAccessible(baseElement);
  await user.click(within(dialog).getByRole("button", { name: "Create company" }));

  expect(await screen.findByRole("heading", { level: 1, name: "Brightwater" })).toBeInTheDocument();
  expect(history.location.pathname).toMatch(/^\/companies\/.+/);
  expect(data.data.companies[0]).toMatchObject({ n_employees: 120, address: { country: "NO" } });
});

it("one country of the filter finds the country however the sources wrote it", async () => {
  const { user, history } = await renderApp("/companies");
  await screen.findByRole("grid");

  await user.click(screen.getByRole("button", { name: "Filter" }));
  await user.selectOptions(await screen.findByLabelText("Field"), "Country");
  await user.selectOptions(screen.getByLabelText("Value"), "France");
  await user.click(screen.getByRole("button", { name: "Apply" }));

  expect(await screen.findByRole("button", { name: "Country is France" })).toBeInTheDocument();
  expect(decodeURIComponent(history.location.search)).toContain("country:in:FR,France,法国");
  const french = companies.filter(({ address }) => address.country === "France");
  await waitFor(() => expect(screen.getAllByRole("row")).toHaveLength(french.length + 1));
});

it("employees, country and owner of a company are changed on its page, and undone", async () => {
  const { user, data } = await renderApp(`/companies/${lumen.id}`);
  const now = () => data.data.companies.find(({ id }) => id === lumen.id)!;

  await user.selectOptions(await screen.findByLabelText("Country"), "Norway");
  await waitFor(() => expect(now().address.country).toBe("NO"));
  await user.click(screen.getByRole("button", { name: /^Employees: / }));
  await user.clear(screen.getByRole("textbox", { name: "Employees" }));
  await user.type(screen.getByRole("textbox", { name: "Employees" }), "77{Enter}");
  await waitFor(() => expect(now().n_employees).toBe(77));
  await user.selectOptions(screen.getByLabelText("Owner"), "Sam Price");
  await waitFor(() => expect(now().owner?.name).toBe("Sam Price"));

  await user.click((await screen.findAllByRole("button", { name: "Undo" }))[0]!);
  await waitFor(() => expect(now().owner?.name).not.toBe("Sam Price"));
  expect(now().owner).not.toBeNull();
});

it("a company shows its people and their orders, and leads to all of them", async () => {
  const { container, user, data, history } = await renderApp(`/companies/${lumen.id}`);
  const people = data.data.contacts.filter(({ company }) => company?.id === lumen.id);
  expect(people.length).toBeGreaterThan(0);

  expect((await screen.findAllByText(people[0]!.name))[0]).toBeInTheDocument();
  await expectAccessible(container);
  await user.click(await screen.findByRole("link", { name: /^All .* orders$/ }));

  expect(await screen.findByRole("button", { name: "Company is Lumen" })).toBeInTheDocument();
  expect(history.location.pathname).toBe("/orders");
});

it.each(["about 50", "12.5"])(
  "employees typed as %j are refused in words and stay as they were",
  async (typed) => {
    const { user, data, history } = await renderApp(`/companies/${lumen.id}`);
    const update = vi.spyOn(data, "update");

    await user.click(await screen.findByRole("button", { name: /^Employees: / }));
    await user.clear(screen.getByRole("textbox", { name: "Employees" }));
    await user.type(screen.getByRole("textbox", { name: "Employees" }), `${typed}{Enter}`);
    expect(await screen.findByText("Write a whole number, such as 1200.")).toBeInTheDocument();

    history.push("/companies");
    const row = await screen.findByRole("row", { name: /Lumen/ });
    await user.dblClick(within(row).getByText(lumen.n_employees!.toLocaleString("en")));
    const cell = screen.getByRole("textbox", { name: "Edit Employees of Lumen" });
    await user.clear(cell);
    await user.type(cell, `${typed}{Enter}`);
    await waitFor(() => expect(screen.getAllByText("Write a whole number, such as 1200.")).toHaveLength(2));
    expect(update).not.toHaveBeenCalled();
  },
);

it.each([
  ["1e3", 1000],
  // The browser asks for a whole number; were it sent, the server would refuse it.
  ["12.5", 12.5],
])("employees of a new company written as %s are sent as the number they are", async (typed, n_employees) => {
  const { user, data } = await renderApp("/companies?new=1");
  const create = vi.spyOn(data, "create");

  const dialog = await screen.findByRole("dialog", { name: "New company" });
  await user.type(within(dialog).getByLabelText("Name"), "Brightwater");
  await user.type(within(dialog).getByLabelText("Employees"), typed);
  fireEvent.submit(within(dialog).getByLabelText("Name").closest("form")!);

  await waitFor(() =>
    expect(create).toHaveBeenCalledWith("companies", expect.objectContaining({ n_employees })),
  );
});
