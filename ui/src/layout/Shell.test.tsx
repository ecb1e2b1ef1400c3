import { fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import { Catch } from "@/components/ui/Catch";
import { expectAccessible, renderApp } from "@/test/render";

async function openApp() {
  const app = await renderApp("/tasks");
  await screen.findByRole("heading", { level: 1, name: "Tasks" });
  return app;
}

it("g and c go to the contacts", async () => {
  const { history } = await openApp();

  fireEvent.keyDown(document.body, { key: "g" });
  fireEvent.keyDown(document.body, { key: "c" });

  await waitFor(() => expect(history.location.pathname).toBe("/contacts"));
});

it("the palette finds a customer and opens the record", async () => {
  const { user, history, data, baseElement } = await openApp();
  const wanted = data.data.contacts.find((contact) => contact.email)!;

  fireEvent.keyDown(document.body, { key: "k", ctrlKey: true });
  const dialog = await screen.findByRole("dialog", { name: "Commands" });
  await user.type(within(dialog).getByRole("combobox"), wanted.email!);
  const option = await within(dialog).findByRole("option", { name: new RegExp(wanted.email!) });
  await expectAccessible(baseElement);
  await user.click(option);

  await waitFor(() => expect(history.location.pathname).toBe(`/contacts/${wanted.id}`));
});

it("the palette offers what was open lately before anything is typed", async () => {
  const { history, data } = await openApp();
  const { id, name } = data.data.contacts[0]!;
  history.push(`/contacts/${id}`);
  await screen.findByRole("heading", { level: 1, name });

  fireEvent.keyDown(document.body, { key: "k", ctrlKey: true });

  expect(await screen.findByRole("option", { name: new RegExp(name) })).toBeInTheDocument();
});

it("what the palette found for an earlier text cannot be run for the present one", async () => {
  const { user, data } = await openApp();
  const search = data.search;
  let isWaiting = false;
  data.search = (...all) => (isWaiting ? new Promise(() => {}) : search(...all));
  fireEvent.keyDown(document.body, { key: "k", ctrlKey: true });
  const field = await screen.findByRole("combobox");
  await user.type(field, "customer");
  const [found] = await screen.findAllByRole("option", { name: /customer/ });
  await waitFor(() => expect(found).toHaveAttribute("aria-disabled", "false"));

  isWaiting = true;
  await user.type(field, "1");

  await waitFor(() =>
    expect(screen.getAllByRole("option", { name: /customer/ })[0]).toHaveAttribute("aria-disabled", "true"),
  );
});

it("a search that failed is said in the palette, with a way to try again", async () => {
  const { user, data } = await openApp();
  const { ApiError } = await import("@/api/problem");
  const search = data.search;
  data.search = () => Promise.reject(new ApiError(500, "internal", "broken"));
  fireEvent.keyDown(document.body, { key: "k", ctrlKey: true });
  await user.type(await screen.findByRole("combobox"), "customer");
  await screen.findByText(/Something went wrong on the server/);

  data.search = search;
  await user.click(screen.getByRole("button", { name: "Try again" }));

  expect((await screen.findAllByRole("option", { name: /customer/ }))[0]).toBeInTheDocument();
});

it("on a new page the focus begins at its heading", async () => {
  await openApp();

  fireEvent.keyDown(document.body, { key: "g" });
  fireEvent.keyDown(document.body, { key: "c" });

  await waitFor(() => expect(screen.getByRole("heading", { level: 1, name: "Contacts" })).toHaveFocus());
});

it("the question mark shows all shortcuts", async () => {
  await openApp();

  fireEvent.keyDown(document.body, { key: "?" });

  expect(await screen.findByRole("dialog", { name: "Keyboard shortcuts" })).toHaveTextContent(
    "Next or previous row",
  );
});

it("language and colors change without a reload", async () => {
  const { user } = await openApp();

  await user.click(screen.getByRole("button", { name: "切换到中文" }));
  expect(await screen.findByRole("heading", { level: 1, name: "任务" })).toBeInTheDocument();

  await user.click(screen.getByRole("button", { name: "切换到深色" }));
  expect(document.documentElement).toHaveClass("dark");
  await user.click(screen.getByRole("button", { name: "切换到浅色" }));
  expect(document.documentElement).not.toHaveClass("dark");
});

it("work that runs on the server shows at the foot of the sidebar", async () => {
  const { data } = await openApp();

  await data.startSegmentation({});

  expect(await screen.findByRole("progressbar", { name: "Finding segments" })).toBeInTheDocument();
});

it("work that failed on the server is said with its reason", async () => {
  const { data } = await openApp();

  data.announce({
    event: "job",
    job: {
      id: "1",
      kind: "import_file",
      status: "failed",
      progress: { step: "importing_rows", done: 1, total: 2 },
      attempts: 1,
      error: "the disk is full",
      created_at: "",
      started_at: null,
      finished_at: null,
      training: null,
    },
  });

  expect(await screen.findByText("Importing a file: failed")).toBeInTheDocument();
  expect(screen.getByText("the disk is full")).toBeInTheDocument();
});

it("a session that ran out leads to the sign-in", async () => {
  const { data, history } = await openApp();
  const { ApiError } = await import("@/api/problem");
  data.home = () => Promise.reject(new ApiError(401, "unauthenticated", "sign in"));

  history.push("/");

  expect(await screen.findByRole("heading", { name: "Sign in to Rapport" })).toBeInTheDocument();
});

it("signing out while the server is away says that you are still signed in", async () => {
  const { data, history } = await openApp();
  const { ApiError } = await import("@/api/problem");
  data.signOut = () => Promise.reject(new ApiError(0, "offline", "away"));

  fireEvent.keyDown(document.body, { key: "k", ctrlKey: true });
  fireEvent.click(await screen.findByRole("option", { name: "Sign out" }));

  expect(await screen.findByText("You are still signed in")).toBeInTheDocument();
  expect(history.location.pathname).toBe("/tasks");
});

it("a part that cannot be loaded leaves the page as it is", () => {
  const onError = vi.fn();
  vi.spyOn(console, "error").mockImplementation(() => {});
  const Broken = () => {
    throw new Error("chunk is gone");
  };

  render(
    <main>
      the page
      <Catch onError={onError}>
        <Broken />
      </Catch>
    </main>,
  );

  expect(screen.getByRole("main")).toHaveTextContent("the page");
  expect(onError).toHaveBeenCalledOnce();
  vi.restoreAllMocks();
});

it("the palette shows what it found by kind, and the keys run it", async () => {
  const { user, history, data } = await openApp();
  const hit = (kind: "deal" | "ticket" | "task" | "note", id: string, href: string) => ({
    kind,
    id,
    title: `Lamp ${kind} ${id}`,
    subtitle: null,
    href,
  });
  const page = `/contacts/${data.data.contacts[0]!.id}`;
  data.search = () =>
    Promise.resolve([
      hit("note", "1", page),
      hit("deal", "2", "/deals/2"),
      hit("note", "3", page),
      hit("ticket", "4", "/tickets/4"),
      hit("task", "5", "/tasks?filter=all"),
    ]);
  fireEvent.keyDown(document.body, { key: "k", ctrlKey: true });
  await user.type(await screen.findByRole("combobox"), "lamp");

  const notes = await screen.findByRole("group", { name: "Notes" });
  expect(within(notes).getAllByRole("option")).toHaveLength(2);
  for (const name of ["Deals", "Tickets", "Tasks"]) {
    expect(screen.getByRole("group", { name })).toBeInTheDocument();
  }
  await user.keyboard("{ArrowDown}{Enter}");
  await waitFor(() => expect(history.location.pathname).toBe(page));
});
