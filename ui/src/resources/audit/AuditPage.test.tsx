import { screen, waitFor, within } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import { ApiError } from "@/api/problem";
import { expectAccessible, renderApp } from "@/test/render";

it("entries tell who did what, with values as people read them", async () => {
  const { container } = await renderApp("/settings/audit");

  const table = await screen.findByRole("table", { name: "Entries of the audit" });
  const [changed] = within(table).getAllByRole("row", { name: /Changed Contact/ });
  expect(within(changed!).getByText("Owner:")).toBeVisible();
  expect(within(changed!).getByText("Sam Price")).toBeVisible();
  expect(within(changed!).getByText("vip")).toBeVisible();
  expect(within(table).getByText("with the key Warehouse")).toBeVisible();
  expect(within(table).getByText("Return to the pool")).toBeVisible();
  expect(within(table).getByText("The values were erased.")).toBeVisible();
  await expectAccessible(container);
});

it("filters stand in the address and narrow the list", async () => {
  const { user, history } = await renderApp("/settings/audit");
  await screen.findByRole("table", { name: "Entries of the audit" });

  await user.selectOptions(screen.getByLabelText("What"), "Opened");

  await waitFor(() => expect(screen.getAllByRole("row")).toHaveLength(2));
  expect(history.location.search).toBe("?action=viewed");
  await user.selectOptions(screen.getByLabelText("Kind"), "Deal");
  expect(await screen.findByText("No entry meets these filters.")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Clear filters" }));
  await waitFor(() => expect(screen.getAllByRole("row").length).toBeGreaterThan(3));
});

it("a change is set back after a question, and stands as a change of its own", async () => {
  const { user } = await renderApp("/settings/audit");
  await user.click(await screen.findByRole("button", { name: /^Set back: Changed/ }));
  const dialog = screen.getByRole("dialog", { name: "Set this change back?" });
  await expectAccessible(dialog);

  await user.click(within(dialog).getByRole("button", { name: "Set back" }));

  expect(await screen.findByText(/has its former values$/)).toBeVisible();
  expect(await screen.findByText("sets entry 4 back")).toBeVisible();
});

it("fields that were changed since are named where it was asked", async () => {
  const { user, data } = await renderApp("/settings/audit");
  const errors = [{ pointer: "/title", code: "changed_since", message: "was set to …" }];
  vi.spyOn(data, "restoreAudit").mockRejectedValueOnce(
    new ApiError(409, "changed_since", "the record was changed since", errors),
  );
  await user.click(await screen.findByRole("button", { name: /^Set back: Changed/ }));
  await user.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Set back" }));

  expect(await screen.findByText("Changed since: Title.")).toBeVisible();
});

it("the chain is checked where somebody asks, and a fault names the entry", async () => {
  const { user, data } = await renderApp("/settings/audit");
  const check = await screen.findByRole("button", { name: "Check now" });
  await user.click(check);
  expect(await screen.findByText(/^Whole: 5 entries, checked /)).toBeVisible();
  expect(screen.getByText(/^5:5eed/)).toBeVisible();

  vi.spyOn(data, "verifyAudit").mockResolvedValueOnce({
    checked_at: "2026-01-05T09:00:00Z",
    n_sound: 2,
    head: "2:00",
    fault: { seq: 3, entry_id: 3, kind: "altered", stands_at: null },
  });
  await user.click(check);
  expect(await screen.findByText("Entry 3 is not what it was.")).toBeVisible();
});

it("who saw a contact stands on its page, for those who may read the audit", async () => {
  const { data, history } = await renderApp("/settings/audit");
  await screen.findByRole("table", { name: "Entries of the audit" });
  history.push(`/contacts/${data.data.contacts[0]!.id}`);

  const title = await screen.findByRole("heading", { name: "Who saw this" });
  expect(within(title.closest("section")!).getByText("Sam Price")).toBeVisible();
});

it("who may not read the audit is told so", async () => {
  await renderApp("/settings/audit", { role: "member" });

  expect(await screen.findByText("Not allowed")).toBeVisible();
  expect(screen.queryByRole("table")).toBeNull();
});

it("the audit speaks Chinese", async () => {
  const { container } = await renderApp("/settings/audit", { language: "zh" });

  expect(await screen.findByRole("table", { name: "审计记录" })).toBeVisible();
  expect(screen.getByText("通过密钥 Warehouse")).toBeVisible();
  await expectAccessible(container);
});

it("tells with whom somebody was merged, and what was said of two", async () => {
  const { data, history } = await renderApp("/tasks");
  const answer = data.audit;
  data.audit = async (query, page) => {
    const told = await answer(query, page);
    const [first] = told.items;
    const of = (id: number, part: object) => ({ ...first!, id, about_id: "other", changes: [], ...part });
    const changes = [{ field: "verdict", before: null, after: "different" }];
    return {
      ...told,
      items: [of(98, { action: "merged" }), of(99, { action: "decided", changes })],
      names: { ...told.names, other: "Wilhelmina" },
    };
  };
  history.push("/settings/audit");

  expect(await screen.findAllByText("with Wilhelmina")).toHaveLength(2);
  expect(screen.getByText("Two people")).toBeVisible();
});
