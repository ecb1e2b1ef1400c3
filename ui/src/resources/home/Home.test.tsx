import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import { ApiError } from "@/api/problem";
import { builtInPolicy } from "@/resources/access/roleModel";
import { renderApp } from "@/test/render";

const TASK = "Call back about the spring range";

async function openHome() {
  const app = await renderApp("/");
  await screen.findByText(TASK);
  return { ...app, task: () => app.data.data.tasks.find(({ title }) => title === TASK)! };
}

it("a task is done on the spot, leaves the list, and comes back by undo", async () => {
  const { user, task } = await openHome();

  await user.click(screen.getByRole("button", { name: `Done (D): ${TASK}` }));

  await waitFor(() => expect(screen.queryByRole("link", { name: new RegExp(TASK) })).toBeNull());
  await waitFor(() => expect(task().status).toBe("done"));
  await user.click(await screen.findByRole("button", { name: "Undo" }));
  expect(await screen.findByRole("link", { name: new RegExp(TASK) })).toBeInTheDocument();
  expect(task().status).toBe("open");
});

it("the line with the focus is put off by one key", async () => {
  const { task } = await openHome();
  const before = task().due_on!;

  screen.getByRole("link", { name: new RegExp(TASK) }).focus();
  fireEvent.keyDown(document.activeElement!, { key: "s" });

  await waitFor(() => expect(task().due_on! > before).toBe(true));
});

it("a deed that the server refuses brings the line back", async () => {
  const { user, data } = await openHome();
  data.update = () => Promise.reject(new ApiError(403, "forbidden", "you may only read"));

  await user.click(screen.getByRole("button", { name: `Done (D): ${TASK}` }));

  expect(await screen.findByText("you may only read")).toBeInTheDocument();
  expect(await screen.findByRole("link", { name: new RegExp(TASK) })).toBeInTheDocument();
});

it("a call to make is written down as a task about the customer", async () => {
  const { user, data } = await openHome();
  const before = data.data.tasks.length;

  await user.click(screen.getAllByRole("button", { name: /^Write down as a task/ })[0]!);

  await waitFor(() => expect(data.data.tasks).toHaveLength(before + 1));
  expect(data.data.tasks[0]).toMatchObject({ status: "open", subject: { kind: "contact" } });
});

it("only what the role lets set of tasks is offered, and sent", async () => {
  const fields = { task: { status: "read_only", due_on: "read_only" } } as const;
  const { user, data } = await renderApp("/", {
    role: "member",
    policy: { ...builtInPolicy("member"), fields },
  });
  await screen.findByText(TASK);
  await waitFor(() => expect(screen.queryByRole("button", { name: /^Done/ })).toBeNull());
  expect(screen.queryByRole("button", { name: /^Put off/ })).toBeNull();
  const create = vi.spyOn(data, "create");

  await user.click(screen.getAllByRole("button", { name: /^Write down as a task/ })[0]!);

  await waitFor(() => expect(create).toHaveBeenCalledOnce());
  expect(create.mock.calls[0]![1]).not.toHaveProperty("due_on");
});

it("orders in other currencies are named beside the revenue that leaves them out", async () => {
  const { data, history } = await renderApp("/tasks");
  await screen.findByRole("heading", { level: 1, name: "Tasks" });
  data.data.orders[0]!.amount = { amount_minor: 100, currency: "EUR" };
  history.push("/");

  const link = await screen.findByRole("link", { name: "without 1 order in another currency" });
  expect(link).toHaveAttribute("href", expect.stringContaining("currency"));
});

it("the tasks show what is open until all is asked for, and their rows take the keyboard", async () => {
  const { user, history } = await renderApp("/tasks");
  const grid = await screen.findByRole("grid");
  expect(within(grid).queryByText("Prepare the renewal offer")).toBeNull();

  fireEvent.keyDown(document.body, { key: "j" });
  await waitFor(() => expect(document.activeElement).toHaveTextContent(TASK));
  await user.click(screen.getByRole("button", { name: "Remove filter: Status is Open" }));

  expect(await screen.findByText("Prepare the renewal offer")).toBeInTheDocument();
  expect(history.location.search).toContain("filter=all");
  expect(screen.getAllByRole("row").at(-1)).toHaveTextContent("Prepare the renewal offer");
});

it("a call that could not be written down comes back", async () => {
  const { user, data } = await openHome();
  data.create = () => Promise.reject(new ApiError(503, "busy", "try again"));
  const [button] = screen.getAllByRole("button", { name: /^Write down as a task/ });
  const name = button!.getAttribute("aria-label")!;

  await user.click(button!);

  expect(await screen.findByText("The database is busy. Try again in a moment.")).toBeInTheDocument();
  expect(await screen.findByRole("button", { name })).toBeInTheDocument();
});

it("every proposal of the server is shown, and the first nine have a key", async () => {
  const { data, history } = await renderApp("/tasks");
  await screen.findByRole("heading", { level: 1, name: "Tasks" });
  const home = await data.home();
  const actions = Array.from({ length: 10 }, (_, i) => ({
    ...home.actions[0]!,
    id: String(i),
    title: { en: `Proposal ${i + 1}`, zh: "" },
  }));
  data.home = () => Promise.resolve({ ...home, actions });
  history.push("/");

  expect(await screen.findByRole("link", { name: /Proposal 10/ })).not.toHaveAttribute("aria-keyshortcuts");
  expect(screen.getByRole("link", { name: /Proposal 9/ })).toHaveAttribute("aria-keyshortcuts", "9");
});
