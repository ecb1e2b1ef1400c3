import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import { ApiError } from "@/api/problem";
import { builtInPolicy } from "@/resources/access/roleModel";
import { expectAccessible, renderApp } from "@/test/render";

const press = (key: string) => fireEvent.keyDown(document.body, { key });

async function openQueue(options: Parameters<typeof renderApp>[1] = {}, path = "/duplicates") {
  const app = await renderApp(path, { duplicates: 6, ...options });
  await screen.findByRole("heading", { level: 1 });
  return app;
}

const lines = () => within(screen.getByRole("list", { name: "Pairs to decide" })).getAllByRole("button");
const atHand = () => lines().findIndex((line) => line.getAttribute("aria-current") === "true");
const open = async (data: Awaited<ReturnType<typeof renderApp>>["data"]) =>
  (await data.matchPairs({ filter: [{ field: "status", op: "eq", value: "open" }] }, {})).items;

it("shows the queue, the pair at hand and what speaks for it", async () => {
  const { container } = await openQueue();

  expect(await screen.findByText("6 pairs to decide")).toBeInTheDocument();
  expect(lines()).toHaveLength(6);
  const table = screen.getByRole("table", { name: "The two compared" });
  expect(
    within(table).getByRole("row", { name: /^Before looking.*11\.5 bits for two people/ }),
  ).toBeVisible();
  expect(within(table).getByRole("row", { name: /^Name .*bits for one person/ })).toBeVisible();
  expect(within(table).getByRole("row", { name: /^All together/ })).toBeVisible();
  expect(screen.getByText("Last looked", { exact: false })).toBeVisible();
  await expectAccessible(container);
});

it("speaks Chinese", async () => {
  await renderApp("/duplicates", { duplicates: 6, language: "zh" });

  expect(await screen.findByRole("heading", { level: 1, name: "重复记录" })).toBeVisible();
  expect(await screen.findByRole("button", { name: "同一人" })).toBeVisible();
});

it("marks the letters in which two values differ", async () => {
  await openQueue({}, "/duplicates?order=certainty");
  await screen.findByRole("table", { name: "The two compared" });

  for (let i = 0; i < 6 && document.querySelector("mark") === null; i++) press("j");

  expect(document.querySelector("mark")).not.toBeNull();
});

it("is worked through by the keyboard alone, and everything is taken back", async () => {
  const { data } = await openQueue();
  await waitFor(() => expect(lines()).toHaveLength(6));
  const before = (await open(data)).map(({ id }) => id);
  const nContacts = data.data.contacts.length;

  press("j");
  expect(atHand()).toBe(1);
  press("k");
  expect(atHand()).toBe(0);
  press("y");
  await waitFor(() => expect(lines()).toHaveLength(5));
  press("n");
  await waitFor(() => expect(lines()).toHaveLength(4));
  await waitFor(async () => expect(await open(data)).toHaveLength(4));
  expect(data.data.contacts).toHaveLength(nContacts - 1);
  expect(data.log.operations.map(({ kind }) => kind)).toEqual(["merge", "reject"]);
  expect(await screen.findByText(/^Two people: /)).toBeVisible();

  press("u");
  await waitFor(() => expect(lines()).toHaveLength(5));
  press("u");
  await waitFor(() => expect(lines()).toHaveLength(6));
  expect(atHand()).toBe(0);
  await waitFor(async () => expect((await open(data)).map(({ id }) => id)).toEqual(before));
  expect(data.data.contacts).toHaveLength(nContacts);
});

it("decides on a pair once, though its key comes twice", async () => {
  const { data } = await openQueue();
  await waitFor(() => expect(lines()).toHaveLength(6));
  const decide = vi.spyOn(data, "decideMatchPair");

  press("n");
  press("n");
  await waitFor(async () => expect((await open(data)).length).toBeLessThan(6));

  const ids = decide.mock.calls.map(([id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

it("puts a skipped pair at the end", async () => {
  await openQueue();
  await waitFor(() => expect(lines()).toHaveLength(6));
  const first = lines()[0]!.textContent;

  press("s");
  await waitFor(() => expect(lines()[5]!.textContent).toBe(first));
  expect(atHand()).toBe(0);
  press("ArrowRight");
  await waitFor(() => expect(lines()[4]!.textContent).toBe(first));
});

it("lets the chosen one stay, with the reason that was given", async () => {
  const { user, data } = await openQueue();
  const button = await screen.findByRole("button", { name: /^Let .*, record 2$/ });
  const decide = vi.spyOn(data, "decideMatchPair");

  press("2");
  expect(button).toHaveAttribute("aria-pressed", "true");
  press("r");
  const field = screen.getByRole("textbox", { name: "Reason (optional)" });
  expect(field).toHaveFocus();
  await user.type(field, "yes, no{Enter}");
  expect(lines()).toHaveLength(6);
  press("y");

  await waitFor(() => expect(decide).toHaveBeenCalled());
  const [pair] = (await data.matchPairs({}, {})).items;
  expect(decide.mock.calls[0]![1]).toEqual({
    verdict: "same",
    keep: pair!.right.contact_id,
    reason: "yes, no",
  });
});

it("brings a pair back that the server refuses to merge, and says why", async () => {
  const { data } = await openQueue();
  await waitFor(() => expect(lines()).toHaveLength(6));
  data.decideMatchPair = () => Promise.reject(new ApiError(409, "kept_apart", "never the same"));

  press("y");

  expect(await screen.findByText(/^Not saved: /)).toBeVisible();
  expect(screen.getByText(/never the same person/)).toBeVisible();
  await waitFor(() => expect(lines()).toHaveLength(6));
});

it("offers to take back what is left where part of a merge is gone", async () => {
  const { user, data } = await openQueue();
  await waitFor(() => expect(lines()).toHaveLength(6));
  press("y");
  await waitFor(() => expect(data.log.operations).toHaveLength(1));
  await screen.findByText(/^One person: /);
  data.log.lost.set(1, ["2 orders were deleted"]);

  press("u");
  await user.click(await screen.findByRole("button", { name: "Take back what is left" }));

  await waitFor(() => expect(data.log.operations.at(-1)?.kind).toBe("unmerge"));
});

it("merges many at once after saying how many, and takes all back", async () => {
  const { user, data } = await openQueue();
  const nContacts = data.data.contacts.length;
  await user.click(await screen.findByRole("button", { name: "Accept certain ones…" }));
  const dialog = await screen.findByRole("dialog", { name: "Merge many pairs at once" });
  await user.selectOptions(within(dialog).getByLabelText("Certainty"), "90% or more");
  const all = (await open(data)).filter(({ probability }) => probability >= 0.9).length;
  const merge = await within(dialog).findByRole("button", { name: new RegExp(`^Merge ${all} pair`) });
  expect(merge).toBeDisabled();
  await expectAccessible(dialog);

  await user.click(within(dialog).getByRole("checkbox"));
  await user.click(merge);

  expect(await screen.findByText(new RegExp(`^${all} pairs? (was|were) merged$`))).toBeVisible();
  expect(data.data.contacts).toHaveLength(nContacts - all);
  await user.click(screen.getByRole("button", { name: "Take all back" }));
  const sure = await screen.findByRole("dialog", { name: "Take all of these merges back?" });
  await user.click(within(sure).getByRole("button", { name: "Take all back" }));
  expect(await screen.findByText(/merges? (was|were) taken back$/)).toBeVisible();
  expect(data.data.contacts).toHaveLength(nContacts);
});

it("looks for duplicates where nobody has, and shows what it found", async () => {
  const { user } = await openQueue({ isMatched: false });
  expect(await screen.findByText("Is somebody in here twice?")).toBeVisible();

  await user.click(screen.getAllByRole("button", { name: "Look for duplicates" })[0]!);

  expect(await screen.findByText("6 pairs were found")).toBeVisible();
  await waitFor(() => expect(lines()).toHaveLength(6));
});

it("says when all is decided", async () => {
  await openQueue({ duplicates: 1 });
  await waitFor(() => expect(lines()).toHaveLength(1));

  press("n");

  expect(await screen.findByText("All decided")).toBeVisible();
  press("u");
  await waitFor(() => expect(lines()).toHaveLength(1));
});

it("an administrator says when pairs merge by themselves", async () => {
  const { user, data } = await openQueue();
  await user.click(await screen.findByRole("button", { name: "Automatic merging is off" }));
  const dialog = await screen.findByRole("dialog", { name: "Automatic merging" });
  const threshold = within(dialog).getByLabelText("Threshold, in percent");
  await user.clear(threshold);
  await user.type(threshold, "80");
  expect(within(dialog).getByRole("button", { name: "Save" })).toBeDisabled();
  await user.clear(threshold);
  await user.type(threshold, "99.5");
  await user.click(within(dialog).getByRole("checkbox", { name: "Merge certain pairs without asking" }));
  await expectAccessible(dialog);

  await user.click(within(dialog).getByRole("button", { name: "Save" }));

  expect(await screen.findByRole("button", { name: "Automatic merging is on" })).toBeVisible();
  expect(data.queue.settings).toEqual({ is_automatic: true, threshold: 0.995, distinct_sources: [] });
});

it("tells its keys in the help", async () => {
  await openQueue();
  await screen.findByRole("list", { name: "Pairs to decide" });

  press("?");

  const dialog = await screen.findByRole("dialog", { name: "Keyboard shortcuts" });
  expect(within(dialog).getByRole("heading", { name: "In duplicates" })).toBeVisible();
  expect(within(dialog).getByText("Undo the last decision")).toBeVisible();
});

it("lets those look who may not merge, and decide who may only write", async () => {
  const policy = builtInPolicy("member");
  policy.objects.contact = { ...policy.objects.contact!, delete: "none" };
  await openQueue({ role: "member", policy });

  expect(await screen.findByRole("button", { name: "Two people" })).toBeEnabled();
  expect(screen.getByRole("button", { name: "One person" })).toBeDisabled();
  press("y");
  expect(lines()).toHaveLength(6);
});

/** Merges all from 90 percent on by the dialog, and answers how many these are. */
async function acceptMany({ user, data }: Awaited<ReturnType<typeof openQueue>>): Promise<number> {
  const n = (await open(data)).filter(({ probability }) => probability >= 0.9).length;
  await user.click(await screen.findByRole("button", { name: "Accept certain ones…" }));
  const dialog = await screen.findByRole("dialog", { name: "Merge many pairs at once" });
  await user.selectOptions(within(dialog).getByLabelText("Certainty"), "90% or more");
  await within(dialog).findByRole("button", { name: new RegExp(`^Merge ${n} pair`) });
  await user.click(within(dialog).getByRole("checkbox"));
  await user.click(within(dialog).getByRole("button", { name: /^Merge / }));
  return n;
}

it("stops a merge of many, and what is merged by then can still be taken back", async () => {
  const app = await openQueue({ duplicates: 12 });
  const nContacts = app.data.data.contacts.length;
  await acceptMany(app);

  await app.user.click(await screen.findByRole("button", { name: "Stop" }));

  expect(await screen.findByText(/^Stopped: \d+ pairs? of \d+ (was|were) merged$/)).toBeVisible();
  const [acceptance] = await app.data.matchAcceptances();
  expect(acceptance!.status).toBe("cancelled");
  expect(app.data.data.contacts).toHaveLength(nContacts - acceptance!.n_merged);
});

it("lists what was merged at once, and takes it back after the page was left", async () => {
  const app = await openQueue();
  const nContacts = app.data.data.contacts.length;
  const n = await acceptMany(app);
  await screen.findByText(new RegExp(`^${n} pairs? (was|were) merged$`));
  await app.user.click(screen.getByRole("button", { name: "Close" }));
  localStorage.clear();
  act(() => app.history.push("/tasks"));
  await screen.findByRole("heading", { level: 1, name: "Tasks" });
  act(() => app.history.push("/duplicates"));

  await app.user.click(await screen.findByRole("button", { name: "Merged at once" }));
  const dialog = await screen.findByRole("dialog", { name: "Merged at once" });
  expect(within(dialog).getByText(/by Marta Keller/)).toBeVisible();
  await expectAccessible(dialog);
  await app.user.click(within(dialog).getByRole("button", { name: "Take all back" }));
  const sure = await screen.findByRole("dialog", { name: "Take all of these merges back?" });
  await app.user.click(within(sure).getByRole("button", { name: "Take all back" }));

  expect((await screen.findAllByText(/merges? (was|were) taken back$/))[0]).toBeVisible();
  expect(app.data.data.contacts).toHaveLength(nContacts);
});

it("tells what could not be taken back, and why", async () => {
  const app = await openQueue();
  const n = await acceptMany(app);
  await screen.findByText(new RegExp(`^${n} pairs? (was|were) merged$`));
  app.data.log.lost.set(1, ["2 orders were deleted"]);
  await app.user.click(screen.getByRole("button", { name: "Take all back" }));
  const sure = await screen.findByRole("dialog", { name: "Take all of these merges back?" });
  await app.user.click(within(sure).getByRole("button", { name: "Take all back" }));

  expect(await screen.findByText(/^1 could not be taken back: ./)).toBeVisible();
});

it("tells of pairs that were left, and ends where the work broke off", async () => {
  const { data, user } = await openQueue();
  await acceptMany({ data, user } as Awaited<ReturnType<typeof openQueue>>);
  const [kept] = [...data.queue.acceptances.values()];
  Object.assign(kept!, { isStopped: true, status: "failed", n_changed: 2, n_one: 1 });

  expect(await screen.findByText(/^The merging broke off: /)).toBeVisible();
  expect(screen.getByText(/^2 were left: one of their records changed/)).toBeVisible();
  expect(screen.getByText(/^1 became one contact by the other merges/)).toBeVisible();
});

it("says so where it is not known how many would be merged", async () => {
  const { data, user } = await openQueue({ duplicates: 12 });
  const answer = data.matchPairs;
  data.matchPairs = async (query, page) => ({ ...(await answer(query, page)), estimate: null });
  await user.click(await screen.findByRole("button", { name: "Accept certain ones…" }));
  const dialog = await screen.findByRole("dialog", { name: "Merge many pairs at once" });
  await user.selectOptions(within(dialog).getByLabelText("Certainty"), "90% or more");

  expect(await within(dialog).findByText(/How many these are is not known yet/)).toBeVisible();
  await user.click(within(dialog).getByRole("checkbox"));
  expect(within(dialog).getByRole("button", { name: "Merge all of them" })).toBeEnabled();
});

it("sums nothing up where fields are hidden, and says so", async () => {
  const { container, data } = await openQueue({ duplicates: 3, isMatched: false });
  const answer = data.matchPairs;
  data.matchPairs = async (query, page) => {
    const told = await answer(query, page);
    const items = told.items.map((pair) => ({ ...pair, is_partial: true, prior_weight: null }));
    return { ...told, items };
  };
  await data.startMatchRun();

  const table = await screen.findByRole("table", { name: "The two compared" });
  expect(within(table).queryByText("Before looking")).toBeNull();
  expect(within(table).getByText(/Some fields are hidden from your role/)).toBeVisible();
  expect(within(table).getByRole("row", { name: /^All together .* · (below|\d+% or more)/ })).toBeVisible();
  await expectAccessible(container);
});
