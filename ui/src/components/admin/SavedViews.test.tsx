import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, it } from "vitest";

import { expectAccessible, renderApp } from "@/test/render";
import { forgetLists } from "./listMemory";

beforeEach(forgetLists);

async function openViews(path = "/contacts?filter=country:eq:France&sort=name", role?: "viewer") {
  const app = await renderApp(path, role ? { role } : {});
  await screen.findByRole("grid");
  await app.user.click(await screen.findByRole("button", { name: "Views" }));
  return { ...app, panel: await screen.findByRole("dialog", { name: "Views" }) };
}

it("what is shown gets a name, is found again under it, and stands on the button while it is shown", async () => {
  const { user, panel, data, history, baseElement } = await openViews();
  expect(await within(panel).findByText(/No views are saved yet/)).toBeInTheDocument();

  await user.type(within(panel).getByLabelText("Save what is shown"), "Our French{Enter}");

  await screen.findByRole("button", { name: "Our French", expanded: true });
  await expectAccessible(baseElement);
  const [view] = await data.savedViews();
  expect(view).toMatchObject({ list: "contacts", name: "Our French", is_shared: false });

  await user.keyboard("{Escape}");
  await user.click(screen.getByRole("button", { name: "Remove filter: Country is France" }));
  await user.click(await screen.findByRole("button", { name: "Views" }));
  await user.click(await screen.findByRole("button", { name: "Our French" }));

  await waitFor(() => expect(decodeURIComponent(history.location.search)).toContain("country:eq:France"));
  expect(await screen.findByRole("button", { name: "Country is France" })).toBeInTheDocument();
});

it("a view is brought up to date, shared, deleted and made again", async () => {
  const { user, panel, data } = await openViews();
  const stored = () => data.savedViews();
  await user.type(await within(panel).findByLabelText("Save what is shown"), "New{Enter}");
  await screen.findByRole("button", { name: "New", expanded: true });
  await user.keyboard("{Escape}");
  await user.click(screen.getByRole("button", { name: "Remove filter: Country is France" }));
  await user.click(await screen.findByRole("button", { name: "Views" }));

  await user.click(await screen.findByRole("button", { name: "Replace New by what is shown" }));
  await waitFor(async () => expect((await stored())[0]?.query).toBe("sort=name"));
  await user.click(await screen.findByRole("button", { name: "Show New to everybody" }));
  await waitFor(async () => expect((await stored())[0]?.is_shared).toBe(true));
  await user.click(await screen.findByRole("button", { name: "Delete New" }));
  await waitFor(async () => expect(await stored()).toEqual([]));
  await user.click(await screen.findByRole("button", { name: "Undo" }));
  await waitFor(async () => expect(await stored()).toMatchObject([{ name: "New", is_shared: true }]));
});

it("who only reads keeps views and is not offered to share them", async () => {
  const { user, panel, data } = await openViews("/contacts?sort=name", "viewer");

  expect(within(panel).queryByLabelText("For everybody")).toBeNull();
  await user.type(await within(panel).findByLabelText("Save what is shown"), "Mine{Enter}");

  await waitFor(async () => expect(await data.savedViews()).toHaveLength(1));
  await screen.findByRole("button", { name: "Delete Mine" });
  expect(screen.queryByRole("button", { name: "Show Mine to everybody" })).toBeNull();
});

it("an empty name saves nothing", async () => {
  const { user, panel, data } = await openViews();

  await user.type(await within(panel).findByLabelText("Save what is shown"), "  {Enter}");

  expect(await data.savedViews()).toEqual([]);
});
