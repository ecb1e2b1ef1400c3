import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, it, vi } from "vitest";

import { memoryProvider } from "@/api/memory";
import type { Contact } from "@/api/types";
import { keys } from "./caches";
import { editsOf, forgetEdits } from "./edits";

const contact: Contact = { ...memoryProvider({ customers: 1 }).data.contacts[0]!, name: "old", version: 3 };
const key = keys.record("contacts", contact.id);

/** A server whose answers come when the test says so. */
function server(client: QueryClient) {
  const asked: { version: number; change: object; answer: (saved: Contact) => void; refuse: () => void }[] =
    [];
  const edit = (change: object, seen = contact) =>
    editsOf(client).apply(
      "contacts",
      seen,
      change,
      (version) =>
        new Promise((answer, reject) =>
          asked.push({ version, change, answer, refuse: () => reject(new Error("no")) }),
        ),
    );
  const sent = async (n: number) => {
    await vi.waitFor(() => expect(asked).toHaveLength(n));
    return asked[n - 1]!;
  };
  return { edit, sent };
}

function open() {
  const client = new QueryClient();
  client.setQueryData(key, contact);
  const shown = () => client.getQueryData<Contact>(key)!;
  return { client, shown, ...server(client) };
}

it("two edits in a row: each shows at once, and the second follows the first one's version", async () => {
  const { edit, sent, shown } = open();

  const first = edit({ name: "new" });
  const second = edit({ title: "Buyer" });
  (await sent(1)).answer({ ...contact, name: "new", version: 4 });
  await first;

  expect(shown()).toMatchObject({ name: "new", title: "Buyer", version: 4 });
  const request = await sent(2);
  expect(request.version).toBe(4);
  request.answer({ ...contact, name: "new", title: "Buyer", version: 5 });
  await second;
  expect(shown()).toMatchObject({ title: "Buyer", version: 5 });
});

it("taking back never shows a value that was never saved", async () => {
  const { edit, sent, shown } = open();

  const first = edit({ name: "refused" });
  const second = edit({ name: "refused, too" });
  (await sent(1)).refuse();
  await expect(first).rejects.toThrow();
  expect(shown().name).toBe("refused, too");
  (await sent(2)).refuse();
  await expect(second).rejects.toThrow();

  expect(shown().name).toBe("old");
});

it("what a colleague changed since the editing began is not overwritten", async () => {
  const { client, edit, sent } = open();
  client.setQueryData(key, { ...contact, name: "theirs", version: 4 });

  void edit({ name: "mine" }).catch(() => undefined);

  expect((await sent(1)).version).toBe(3);
});

it("a refused edit falls back to what a colleague wrote meanwhile", async () => {
  const { client, edit, sent, shown } = open();
  client.setQueryData(key, { ...contact, name: "theirs", version: 4 });

  const mine = edit({ name: "mine" });
  (await sent(1)).refuse();
  await expect(mine).rejects.toThrow();

  expect(shown().name).toBe("theirs");
});

it("an edit while a list is loading does not leave it empty", async () => {
  const { client, edit, sent } = open();
  let load = (_: unknown) => {};
  const list = new QueryObserver(client, {
    queryKey: keys.list("contacts", { q: "a" }),
    queryFn: () => new Promise((resolve) => (load = resolve)),
  });
  const stop = list.subscribe(() => {});

  const saving = edit({ name: "new" });
  (await sent(1)).answer({ ...contact, name: "new", version: 4 });
  load({ items: [contact], nextCursor: null, estimate: 1 });
  await saving;
  await vi.waitFor(() => expect(list.getCurrentResult().data).toBeDefined());

  stop();
});

it("what another user did is not taken back, by key or by a notice that still stands", () => {
  const client = new QueryClient();
  const undo = vi.fn();
  const theirs = editsOf(client);
  const onNotice = theirs.remember(undo);

  forgetEdits(client);
  editsOf(client).undoLast();
  onNotice();
  // An edit that was on its way at the change of user is saved after it.
  theirs.remember(undo)();

  expect(undo).not.toHaveBeenCalled();
});

it.each([
  ["again", true],
  ["for the first time", false],
])("a list fetched %s before the commit does not bring the old value after it", async (_, isKnown) => {
  const { client, edit, sent } = open();
  const queryKey = keys.list("contacts", { q: "a" });
  const page = (one: Contact) => ({ items: [one], nextCursor: null, estimate: 1 });
  const loads: ((listed: object) => void)[] = [];
  if (isKnown) client.setQueryData(queryKey, page(contact), { updatedAt: 0 });

  const saving = edit({ name: "new" });
  const request = await sent(1);
  const list = new QueryObserver(client, {
    queryKey,
    queryFn: () => new Promise<object>((resolve) => loads.push(resolve)),
  });
  const stop = list.subscribe(() => {});
  expect(loads).toHaveLength(1);
  const saved = { ...contact, name: "new", version: 4 };
  request.answer(saved);
  await saving;
  loads[0]!(page(contact));

  await vi.waitFor(() => expect(loads).toHaveLength(2));
  loads[1]!(page(saved));
  await vi.waitFor(() => expect(list.getCurrentResult().data).toEqual(page(saved)));
  stop();
});
