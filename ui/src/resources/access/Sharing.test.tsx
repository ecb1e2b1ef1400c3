import { screen, waitFor, within } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import type { Grant, RolePolicy } from "@/api/types";
import { ApiError } from "@/api/problem";
import { memoryProvider } from "@/api/memory";
import { expectAccessible, renderApp } from "@/test/render";

const [company] = memoryProvider({ customers: 30 }).data.companies;
const page = `/companies/${company!.id}`;

const only = (grant: Grant): RolePolicy => ({
  objects: Object.fromEntries(["contact", "company", "deal", "ticket", "task"].map((kind) => [kind, grant])),
  actions: [],
  fields: {},
});
const OWN: Grant = { read: "all", write: "own", delete: "none", create: true, pool: true };

it("a record is shared with a colleague, first to see, then to change, then no more", async () => {
  const { user, data, container } = await renderApp(page);
  await user.selectOptions(await screen.findByLabelText("Choose a person or a team"), "Sam Price");
  await user.click(screen.getByRole("button", { name: "Share" }));

  const may = await screen.findByLabelText("What Sam Price may do");
  expect(may).toHaveDisplayValue("See");
  await expectAccessible(container);
  await user.selectOptions(may, "Change");
  await waitFor(async () =>
    expect(await data.shares("company", company!.id)).toMatchObject([
      { user: { name: "Sam Price" }, may_write: true },
    ]),
  );
  await user.click(screen.getByRole("button", { name: "Stop sharing with Sam Price" }));

  expect(await screen.findByText(/Nobody beyond the owner/)).toBeVisible();
});

it("a record is given back to the pool and claimed from there", async () => {
  const { user, data, history } = await renderApp(page);
  const of = (id: string) => data.data.companies.find((one) => one.id === id)!.owner;
  await user.click(await screen.findByRole("button", { name: "Give back to the pool" }));
  const dialog = await screen.findByRole("dialog");
  await user.click(within(dialog).getByRole("button", { name: "Give back to the pool" }));
  expect(await screen.findByText(/^In the shared pool/)).toBeVisible();
  expect(of(company!.id)).toBeNull();

  history.push("/pool?kind=company");
  await user.click(await screen.findByRole("button", { name: `Claim ${company!.name}` }));

  await waitFor(() => expect(of(company!.id)).not.toBeNull());
  await waitFor(() => expect(screen.queryByRole("button", { name: `Claim ${company!.name}` })).toBeNull());
});

it("a claim that comes too late says so at the record", async () => {
  const { user, data, container } = await renderApp("/settings");
  data.data.companies[0] = { ...data.data.companies[0]!, owner: null };
  vi.spyOn(data, "claim").mockRejectedValue(new ApiError(409, "already_claimed", "somebody has it"));
  await user.click(await screen.findByRole("link", { name: "Shared pool" }));
  await user.click(await screen.findByRole("button", { name: "Companies" }));
  const claim = await screen.findByRole("button", { name: `Claim ${company!.name}` });
  await expectAccessible(container);
  await user.click(claim);

  expect(await screen.findByRole("alert")).toHaveTextContent("Somebody has it already");
});

it("who has as many as the rule allows is told before claiming", async () => {
  const { data, history } = await renderApp("/settings");
  data.data.companies[0] = { ...data.data.companies[0]!, owner: null };
  const [marta] = data.data.users;
  data.data.companies[1] = { ...data.data.companies[1]!, owner: { id: marta!.id, name: marta!.name } };
  await data.setPool("company", { n_owned_max: 1, return_after_days: 30 });
  history.push("/pool?kind=company");

  expect(await screen.findByText(/You have as many as the rule allows/)).toBeVisible();
  expect(await screen.findByRole("button", { name: `Claim ${company!.name}` })).toBeDisabled();
});

it("the rules of the pools are saved from the settings", async () => {
  const { user, data } = await renderApp("/settings");
  const set = vi.spyOn(data, "setPool");
  await user.type(await screen.findByLabelText("Deals: most per person"), "50");
  await user.type(screen.getByLabelText("Deals: days without activity"), "30");
  await user.click(screen.getByRole("button", { name: "Save rules" }));

  await waitFor(() => expect(set).toHaveBeenCalledOnce());
  expect(set).toHaveBeenCalledWith("deal", { n_owned_max: 50, return_after_days: 30 });
});

it("somebody else's record is read where the role changes only one's own", async () => {
  const { data, history } = await renderApp("/", { role: "member", policy: only(OWN) });
  data.data.companies[0] = { ...data.data.companies[0]!, owner: { id: "other", name: "Sam Price" } };
  history.push(page);

  expect(await screen.findByText("You may see this record, not change it.")).toBeVisible();
  expect(screen.queryByRole("button", { name: /^Industry: / })).toBeNull();
  expect(screen.queryByLabelText("Choose a person or a team")).toBeNull();
  expect(screen.queryByRole("button", { name: "Give back to the pool" })).toBeNull();
});

it("a share that lets change opens the fields", async () => {
  const { data, history } = await renderApp("/", { role: "member", policy: only(OWN) });
  const me = (await data.session())!;
  data.data.companies[0] = { ...data.data.companies[0]!, owner: { id: "other", name: "Sam Price" } };
  await data.setShares("company", company!.id, [{ user_id: me.id, may_write: true }]);
  history.push(page);

  expect(await screen.findByLabelText("Choose a person or a team")).toBeVisible();
  expect(screen.queryByText("You may see this record, not change it.")).toBeNull();
});

it("a role without the pool and without new records is offered neither", async () => {
  const policy = only({ read: "all", write: "all", delete: "none", create: false, pool: false });
  await renderApp("/companies", { role: "member", policy });
  await screen.findByRole("grid");

  await waitFor(() => expect(screen.queryByRole("button", { name: "New company" })).toBeNull());
  expect(screen.queryByRole("link", { name: "Shared pool" })).toBeNull();
  expect(screen.queryByRole("link", { name: "Export" })).toBeNull();
});

it("a record that is gone or out of sight reads well", async () => {
  await renderApp("/companies/no-such", { language: "zh" });

  expect(await screen.findByText("该记录已被删除，或你的角色无权查看。")).toBeVisible();
});
