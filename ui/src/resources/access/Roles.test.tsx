import { screen, waitFor, within } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import { ApiError } from "@/api/problem";
import { expectAccessible, renderApp } from "@/test/render";
import { builtInPolicy } from "./roleModel";

it("a built-in role is read as a picture and says why it stays", async () => {
  const { container } = await renderApp("/settings/roles?role=viewer");

  const table = await screen.findByRole("table", { name: "What Viewer allows with records" });
  expect(within(table).getByRole("row", { name: /^Deals All Nobody's Nobody's No No$/ })).toBeVisible();
  expect(screen.getByText(/Built-in roles stay as they are/)).toBeVisible();
  expect(within(table).queryByRole("combobox")).toBeNull();
  await expectAccessible(container);
});

it("a role is made from another, narrowed, and what it can then not be given says why", async () => {
  const { user, data, container } = await renderApp("/settings/roles?role=member");
  const create = vi.spyOn(data, "createRole");
  await user.click(await screen.findByRole("link", { name: "Make one like this" }));
  const name = await screen.findByLabelText("Name");
  expect(name).toHaveValue("Member, copy");
  expect(screen.getByRole("checkbox", { name: /Import files/ })).toBeEnabled();

  await user.clear(name);
  await user.type(name, "Sellers");
  await user.selectOptions(screen.getByLabelText("Deals: See"), "Team");

  expect(screen.getByLabelText("Deals: Change")).toHaveDisplayValue("Team");
  expect(within(screen.getByLabelText("Deals: Delete")).getByRole("option", { name: "All" })).toBeDisabled();
  const imports = screen.getByRole("checkbox", { name: /Import files/ });
  expect(imports).toBeDisabled();
  expect(imports).toHaveAccessibleDescription(/an import touches everybody's/);
  await expectAccessible(container);
  await user.click(screen.getByRole("button", { name: "Make role" }));

  await waitFor(() => expect(create).toHaveBeenCalledOnce());
  expect(create.mock.calls[0]![0]).toMatchObject({
    name: "Sellers",
    policy: {
      objects: { deal: { read: "team", write: "team", delete: "team", create: true, pool: true } },
      actions: ["export_records", "train_models"],
    },
  });
  expect(await screen.findByText(/Nobody has this role yet/)).toBeVisible();
});

it("a role that somebody has stays, and goes once nobody has it", async () => {
  const { user, data, history } = await renderApp("/settings/teams");
  await screen.findByRole("heading", { level: 1, name: "Teams" });
  const role = await data.createRole({ name: "Sellers", policy: { objects: {}, actions: [], fields: {} } });
  const [, sam] = data.data.users;
  await data.updateUser(sam!.id, { role_id: role.id });

  history.push(`/settings/roles?role=${role.id}`);
  expect(await screen.findByText("1 person has this role: Sam Price")).toBeVisible();
  expect(screen.getByRole("button", { name: "Delete role" })).toBeDisabled();
  expect(screen.getByText(/Give them another role first/)).toBeVisible();

  history.push("/settings");
  await user.selectOptions(await screen.findByLabelText("Role of Sam Price"), "Viewer");
  await waitFor(() => expect(data.data.users[1]).toMatchObject({ role: "viewer", role_id: null }));
  history.push(`/settings/roles?role=${role.id}`);
  await waitFor(() => expect(screen.getByRole("button", { name: "Delete role" })).toBeEnabled());
  await user.click(screen.getByRole("button", { name: "Delete role" }));
  const dialog = await screen.findByRole("dialog", { name: "Delete the role Sellers?" });
  await user.click(within(dialog).getByRole("button", { name: "Delete role" }));

  await waitFor(async () => expect(await data.roles()).toEqual([]));
  expect(await screen.findByText("There is no role of your own yet.")).toBeVisible();
});

it("what the server refuses stands where it was asked for", async () => {
  const { user, data } = await renderApp("/settings/roles?role=new");
  vi.spyOn(data, "createRole").mockRejectedValueOnce(
    new ApiError(409, "duplicate", "there is a role named Sellers already"),
  );
  await user.type(await screen.findByLabelText("Name"), "Sellers");
  await user.click(screen.getByRole("button", { name: "Make role" }));

  await waitFor(() => expect(screen.getByLabelText("Name")).toBeInvalid());
  expect(screen.getByLabelText("Name")).toHaveAccessibleDescription(/There is one like it already/);
});

it("the roles speak Chinese", async () => {
  const { container } = await renderApp("/settings/roles?role=admin", { language: "zh" });

  expect(await screen.findByRole("table", { name: "“管理员”对记录的权限" })).toBeVisible();
  await expectAccessible(container);
});

it("who is no administrator is told so, and finds no way there", async () => {
  await renderApp("/settings/roles", { role: "member" });

  expect(await screen.findByText("Not allowed")).toBeVisible();
  expect(screen.queryByRole("link", { name: "New role" })).toBeNull();
});

it("a role hides fields, and what it can then not be given says why", async () => {
  const { user, data, container } = await renderApp("/settings/roles?role=member");
  const create = vi.spyOn(data, "createRole");
  await user.click(await screen.findByRole("link", { name: "Make one like this" }));
  expect(await screen.findByRole("checkbox", { name: /Import files/ })).toBeEnabled();
  const name = await screen.findByLabelText("What may be done with Name");
  expect(name).toBeDisabled();

  await user.selectOptions(screen.getByLabelText("What may be done with Phone"), "Hidden");
  await user.selectOptions(screen.getByLabelText("What may be done with Owner"), "Only see");
  const owner = within(screen.getByLabelText("What may be done with Owner"));
  expect(owner.queryByRole("option", { name: "Hidden" })).toBeNull();
  const imports = screen.getByRole("checkbox", { name: /Import files/ });
  expect(imports).toBeDisabled();
  expect(imports).toHaveAccessibleDescription(/all records and fields/);
  await user.selectOptions(screen.getByLabelText("Kind of record whose fields are shown"), "Deals");
  await user.selectOptions(screen.getByLabelText("What may be done with Amount"), "Hidden");
  await user.selectOptions(screen.getByLabelText("What may be done with Amount"), "See and change");
  expect(screen.getByRole("option", { name: "Contacts (2)" })).toBeInTheDocument();
  await expectAccessible(container);
  await user.click(screen.getByRole("button", { name: "Make role" }));

  await waitFor(() => expect(create).toHaveBeenCalledOnce());
  expect(create.mock.calls[0]![0].policy.fields).toEqual({
    contact: { phone: "hidden", owner_id: "read_only" },
  });
});

it("a list and its filters leave out what the role hides, and only show what it lets read", async () => {
  const policy = {
    ...builtInPolicy("member"),
    fields: { contact: { email: "hidden", title: "read_only" } },
  } as const;
  localStorage.setItem("rapport.columns.contacts", "name,email,title");
  const { user } = await renderApp("/contacts", { role: "member", policy });

  expect(await screen.findByRole("columnheader", { name: "Job title" })).toBeVisible();
  await waitFor(() => expect(screen.queryByRole("columnheader", { name: "E-mail" })).toBeNull());
  await user.click(screen.getByRole("button", { name: "Columns" }));
  expect(await screen.findByRole("checkbox", { name: "Phone" })).toBeVisible();
  expect(screen.queryByRole("checkbox", { name: "E-mail" })).toBeNull();
  await user.keyboard("{Escape}");
  await user.click(screen.getByRole("button", { name: "New contact" }));
  const dialog = within(await screen.findByRole("dialog"));
  expect(dialog.getByLabelText("Phone")).toBeVisible();
  expect(dialog.queryByLabelText("E-mail")).toBeNull();
  expect(dialog.queryByLabelText("Job title")).toBeNull();
});
