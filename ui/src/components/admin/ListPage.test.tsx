import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";

import type { PageRequest } from "@/api/dataProvider";
import { ApiError } from "@/api/problem";
import { forgetLists } from "./listMemory";
import { expectAccessible, renderApp } from "@/test/render";

beforeEach(forgetLists);

/** The list of 120 contacts, its requests kept, later pages refused as long as `refusal` is set. */
async function openLongList() {
  const app = await renderApp("/contacts", { customers: 120 });
  const state: { requests: PageRequest[]; refusal: ApiError | null } = { requests: [], refusal: null };
  const list = app.data.list;
  app.data.list = ((resource: "contacts", query: object, page: PageRequest) => {
    if (resource === "contacts") state.requests.push(page);
    if (page.cursor && state.refusal) return Promise.reject(state.refusal);
    return list(resource, query, page);
  }) as typeof list;
  const grid = await screen.findByRole("grid");
  const scrollTo = (top: number) => {
    grid.scrollTop = top;
    fireEvent.scroll(grid);
  };
  const nLater = () => state.requests.filter(({ cursor }) => cursor).length;
  return { ...app, state, scrollTo, nLater };
}

it("the second page is not asked for before the reader comes near the end of the first", async () => {
  const { scrollTo, nLater } = await openLongList();

  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(nLater()).toBe(0);

  scrollTo(1500);
  await waitFor(() => expect(nLater()).toBe(1));
});

it("a next page that failed is asked for again only when the reader says so", async () => {
  const { state, scrollTo, nLater, user } = await openLongList();
  state.refusal = new ApiError(400, "bad_value", "no");

  scrollTo(1500);
  expect(await screen.findByText("More rows could not be loaded.")).toBeInTheDocument();
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(nLater()).toBe(1);

  state.refusal = null;
  await user.click(screen.getByRole("button", { name: "Try again" }));
  await waitFor(() => expect(screen.queryByText("More rows could not be loaded.")).toBeNull());
  expect(nLater()).toBe(2);
});

it("a place that the server no longer knows begins the list anew", async () => {
  const { state, scrollTo } = await openLongList();
  state.refusal = new ApiError(400, "bad_cursor", "unknown place");

  scrollTo(1500);

  await waitFor(() => expect(state.requests.at(-1)).toEqual({ cursor: null }));
  expect(await screen.findByRole("grid")).toBeInTheDocument();
  expect(screen.queryByText("More rows could not be loaded.")).toBeNull();
});

it("a browser that says it is offline still asks the server, which may run on this machine", async () => {
  vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
  window.dispatchEvent(new Event("offline"));

  await renderApp("/contacts");

  expect(await screen.findByRole("grid")).toBeInTheDocument();
  window.dispatchEvent(new Event("online"));
  vi.restoreAllMocks();
});

it("a link that asks for what the list does not have leads back to the whole list", async () => {
  const { data, user, history } = await renderApp("/tasks");
  const list = data.list;
  data.list = ((resource: "contacts", query: { sort?: string }, page: PageRequest) =>
    query.sort === "shoe_size"
      ? Promise.reject(new ApiError(400, "not_sortable", "no such order"))
      : list(resource, query, page)) as typeof list;
  history.push("/contacts?sort=shoe_size");

  expect(await screen.findByText("The list cannot be ordered that way.")).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Clear search and filters" }));

  expect(await screen.findByRole("grid", { name: "Contacts" })).toBeInTheDocument();
});

it("coming back from a record finds the list as it was left: search, order and place", async () => {
  const { user, history, scrollTo } = await openLongList();
  history.push("/contacts?q=a&sort=name");
  await waitFor(() => {
    expect(screen.getByRole("columnheader", { name: "Name" })).toHaveAttribute("aria-sort", "ascending");
    expect(screen.getByRole("grid")).toHaveAttribute("aria-busy", "false");
  });
  scrollTo(720);
  fireEvent.click(screen.getAllByRole("link").find(({ dataset }) => dataset.rowLink !== undefined)!);
  await screen.findByText("Key figures");

  await user.click(screen.getByRole("link", { name: "Contacts", current: false }));

  const grid = await screen.findByRole("grid");
  expect(history.location.search).toBe("?q=a&sort=name");
  await waitFor(() => expect(grid.scrollTop).toBe(720));
});

it("Escape that gives up a word while typing Chinese leaves the search as it is", async () => {
  await renderApp("/contacts?q=customer");
  const field = await screen.findByRole("searchbox");

  fireEvent.keyDown(field, { key: "Escape", isComposing: true });
  expect(field).toHaveValue("customer");

  fireEvent.keyDown(field, { key: "Escape" });
  expect(field).toHaveValue("");
});

it("a list is exported as it is filtered and sorted, by who may write", async () => {
  const { unmount, user } = await renderApp("/contacts?sort=-name", { customers: 5 });
  await user.click(await screen.findByRole("button", { name: "Export" }));
  const menu = within(await screen.findByRole("dialog", { name: "Export" }));
  for (const [name, end] of [
    ["CSV", "csv"],
    ["Excel (.xlsx)", "xlsx"],
    ["JSON lines", "jsonl"],
    ["Parquet", "parquet"],
  ] as const) {
    const link = menu.getByRole("link", { name });
    expect(link).toHaveAttribute("href", `/api/v1/exports/contacts.${end}?sort=-name`);
    expect(link).toHaveAttribute("download");
  }
  await expectAccessible(document.body);

  unmount();
  await renderApp("/contacts", { customers: 5, role: "viewer" });
  await screen.findByRole("grid");
  expect(screen.queryByRole("button", { name: "Export" })).toBeNull();
});

it("columns are chosen by keyboard, several in one go", async () => {
  const { user } = await renderApp("/contacts", { customers: 5 });
  await screen.findByRole("grid");

  screen.getByRole("button", { name: "Columns" }).focus();
  await user.keyboard("{Enter}");
  const panel = await screen.findByRole("dialog", { name: "Columns" });
  await waitFor(() => expect(panel).toContainElement(document.activeElement as HTMLElement));
  await expectAccessible(panel);

  const boxes = within(panel).getAllByRole("checkbox");
  const isShown = (box: HTMLElement) =>
    screen.queryByRole("columnheader", { name: box.getAttribute("aria-label") ?? "" }) !== null;
  const before = boxes.map((box) => isShown(box));
  expect(boxes.map((box) => box.getAttribute("aria-checked") === "true")).toEqual(before);

  await user.keyboard("{Home} {ArrowDown} ");
  expect(boxes[1]).toHaveFocus();
  expect(boxes.map((box) => isShown(box))).toEqual(before.map((was, i) => (i < 2 ? !was : was)));

  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.getByRole("button", { name: "Columns" })).toHaveFocus());
});
