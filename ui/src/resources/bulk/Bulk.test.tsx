import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";

import { forgetLists } from "@/components/admin/listMemory";
import { expectAccessible, renderApp } from "@/test/render";

beforeEach(forgetLists);

const boxes = () => screen.findAllByRole("checkbox", { name: /^Select (?!all)/ });

it("the rows from one to another are selected with the shift key, and a field of theirs is set", async () => {
  const { user, data } = await renderApp("/tickets");
  const all = await boxes();
  fireEvent.click(all[0]!);
  fireEvent.click(all[2]!, { shiftKey: true });
  const bar = await screen.findByRole("region", { name: "Selected rows" });
  expect(within(bar).getByText("3 selected")).toBeInTheDocument();

  await user.click(await within(bar).findByRole("button", { name: "Set a field…" }));
  const dialog = await screen.findByRole("dialog", { name: "Set a field" });
  await user.selectOptions(within(dialog).getByLabelText("Field"), "Priority");
  await user.selectOptions(within(dialog).getByLabelText("New value"), "Urgent");
  await within(dialog).findByText("3 will change, 0 hold this value already.");
  await expectAccessible(dialog);
  await user.click(within(dialog).getByRole("button", { name: "Change 3" }));

  expect(await screen.findByText("3 records changed")).toBeInTheDocument();
  const urgent = () => data.data.tickets.filter(({ priority }) => priority === "urgent").length;
  const after = urgent();
  expect(after).toBeGreaterThanOrEqual(3);
  await user.click(screen.getByRole("button", { name: "Undo" }));
  expect(await screen.findByText("The change is taken back")).toBeInTheDocument();
  expect(urgent()).toBeLessThan(after);
});

it("all that the filters find are deleted, however few are loaded", async () => {
  const { user, data } = await renderApp("/contacts", { customers: 120 });
  fireEvent.click((await boxes())[0]!);
  await user.click(await screen.findByRole("button", { name: "Select all 120" }));
  expect(screen.getByText("120 selected")).toBeInTheDocument();

  await user.click(screen.getByRole("button", { name: "Delete…" }));
  const dialog = await screen.findByRole("dialog", { name: "Delete 120 records?" });
  await within(dialog).findByText("120 will be deleted.");
  await user.click(within(dialog).getByRole("button", { name: "Delete" }));

  expect(await screen.findByText("120 records deleted")).toBeInTheDocument();
  await waitFor(() => expect(data.data.contacts).toHaveLength(0));
});

it("of many records only the first are looked at, and all can be changed though none of these would be", async () => {
  const { user, data } = await renderApp("/tickets");
  const counts = {
    n_rows: 5_000,
    n_looked_at: 1_000,
    n_changed: 0,
    n_unchanged: 1_000,
    n_refused: 0,
    refused: {},
  };
  const preview = vi.spyOn(data, "previewBulkEdit").mockResolvedValue(counts);
  fireEvent.click((await boxes())[0]!);

  await user.click(await screen.findByRole("button", { name: "Delete…" }));
  const dialog = await screen.findByRole("dialog", { name: /^Delete/ });
  await within(dialog).findByText("Of the first 1,000 of 5,000: 0 will be deleted, 1,000 will not.");
  expect(within(dialog).getByRole("button", { name: "Delete" })).toBeEnabled();
  expect(preview.mock.lastCall?.[3]).toBeInstanceOf(AbortSignal);

  await user.click(within(dialog).getByRole("button", { name: "Cancel" }));
  preview.mockResolvedValue({ ...counts, n_looked_at: 5_000 });
  await user.click(screen.getByRole("button", { name: "Delete…" }));
  const again = await screen.findByRole("dialog", { name: /^Delete/ });
  await within(again).findByText("0 will be deleted.");
  expect(within(again).getByRole("button", { name: "Delete" })).toBeDisabled();
});

it("what was changed in bulk stands in the settings, with its way back", async () => {
  const { user, data, container, history } = await renderApp("/tickets");
  const [ticket] = data.data.tickets;
  const change = { set: { priority: "urgent" as const } };
  await data.startBulkEdit("tickets", { ids: [ticket!.id] }, change, 1);
  act(() => history.push("/settings"));

  const list = await screen.findByRole("list", { name: "Bulk edits" });
  await expectAccessible(container);
  await user.click(within(list).getByRole("button", { name: "Undo: 1 record changed" }));

  expect(await within(list).findByText("Taken back")).toBeVisible();
  expect(within(list).queryByRole("button", { name: /^Undo/ })).toBeNull();
  expect(data.data.tickets.find(({ id }) => id === ticket!.id)).toEqual(ticket);
});

it("who only reads selects nothing", async () => {
  await renderApp("/tickets", { role: "viewer" });

  await screen.findByRole("grid");

  expect(screen.queryByRole("checkbox", { name: /^Select/ })).toBeNull();
});

it("it is all there in Chinese", async () => {
  const { user } = await renderApp("/tickets", { language: "zh" });
  fireEvent.click((await screen.findAllByRole("checkbox"))[1]!);

  await user.click(await screen.findByRole("button", { name: "设置字段…" }));

  expect(await screen.findByRole("dialog", { name: "设置字段" })).toBeInTheDocument();
});
