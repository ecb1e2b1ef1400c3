import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, it } from "vitest";

import { progressed, uploadedImport } from "@/api/memory/importing";
import type { Import, Job, ModelSummary, RunDetail, RunSummary, Segmentation } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { applyChange, followAccess, withJob } from "./live";

const job = (id: string, status: Job["status"]): Job => ({
  id,
  kind: "import",
  status,
  progress: { step: "importing_rows", done: 1, total: 2 },
  attempts: 1,
  error: null,
  created_at: "",
  started_at: null,
  finished_at: null,
  training: null,
});

it("an event about an import shows on its page at once", () => {
  const client = new QueryClient();
  const uploaded = uploadedImport("1", "a.csv", 1, "shop", "2026-11-24T00:00:00Z");
  client.setQueryData(keys.record("imports", "1"), uploaded);

  applyChange(client, { event: "import", import: progressed(uploaded, 50, 100, "2026-11-24T00:00:01Z") });

  expect(client.getQueryData<Import>(keys.record("imports", "1"))?.counts.read).toBe(50);
});

it("a finished job gives way to the next one", () => {
  const afterFirst = withJob([job("a", "running")], job("a", "done"));
  const afterSecond = withJob(afterFirst, job("b", "running"));

  expect(afterFirst.map(({ id }) => id)).toEqual(["a"]);
  expect(afterSecond.map(({ id }) => id)).toEqual(["b"]);
});

it("a stream that begins anew forgets its jobs and asks for what it may have missed", () => {
  const client = new QueryClient();
  const uploaded = uploadedImport("1", "a.csv", 1, "shop", "2026-11-24T00:00:00Z");
  client.setQueryData(keys.jobs, [job("a", "running")]);
  client.setQueryData(keys.record("imports", "1"), { ...uploaded, status: "running" });
  client.setQueryData(keys.record("imports", "2"), { ...uploaded, status: "done" });
  client.setQueryData(keys.home, {});
  client.setQueryData(keys.segmentation, {});

  applyChange(client, { event: "reset" });

  const isStale = (key: readonly unknown[]) => client.getQueryState(key)?.isInvalidated;
  expect(client.getQueryData(keys.jobs)).toEqual([]);
  expect([keys.record("imports", "1"), keys.home, keys.segmentation].map(isStale)).toEqual([
    true,
    true,
    true,
  ]);
  expect(isStale(keys.record("imports", "2"))).toBe(false);
});

it("an import that ended refreshes all that shows records, also when it was stopped halfway", () => {
  const client = new QueryClient();
  const shown = [
    keys.list("tasks", "of-contact", "1"),
    keys.peopleOf("1"),
    keys.profile("1"),
    keys.timeline("1"),
    keys.record("products", "1"),
  ];
  for (const key of shown) client.setQueryData(key, {});
  const uploaded = uploadedImport("1", "a.csv", 1, "shop", "2026-11-24T00:00:00Z");

  applyChange(client, { event: "import", import: { ...uploaded, status: "cancelled" } });

  expect(shown.map((key) => client.getQueryState(key)?.isInvalidated)).toEqual(shown.map(() => true));
});

it("a job that merged contacts or parted them refreshes people and pairs once it is over", () => {
  const client = new QueryClient();
  const shown = [
    keys.profile("1"),
    keys.list("contacts"),
    keys.matchPairs("value"),
    keys.identityOperations("1"),
  ];
  for (const key of shown) client.setQueryData(key, {});
  const stale = () => shown.map((key) => client.getQueryState(key)?.isInvalidated);

  applyChange(client, { event: "job", job: { ...job("a", "running"), kind: "match_acceptance" } });
  expect(stale()).toEqual(shown.map(() => false));
  applyChange(client, { event: "job", job: { ...job("a", "done"), kind: "match_acceptance" } });

  expect(stale()).toEqual(shown.map(() => true));
});

it("new segments refresh the profiles that name the old ones", () => {
  const client = new QueryClient();
  client.setQueryData(keys.profile("1"), {});

  applyChange(client, { event: "segmentation", segmentation: {} as Segmentation });

  expect(client.getQueryState(keys.profile("1"))?.isInvalidated).toBe(true);
});

it("an event about a run shows on its page and in the list, and asks anew only for what it names", () => {
  const client = new QueryClient();
  const running = { id: "1", name: "a", status: "running", seconds: null } as RunDetail;
  client.setQueryData(keys.record("runs", "1"), { ...running, params: { k: 5 } });
  client.setQueryData(keys.list("runs"), { items: [running], nextCursor: null, estimate: 1 });
  client.setQueryData(keys.curves(["1", "2"]), []);
  client.setQueryData(keys.curves(["2"]), []);

  applyChange(client, { event: "run", run: { ...running, name: "b" } as RunSummary });

  const isStale = (key: readonly unknown[]) => client.getQueryState(key)?.isInvalidated;
  expect(client.getQueryData(keys.record("runs", "1"))).toMatchObject({ name: "b", params: { k: 5 } });
  expect(client.getQueryData(keys.list("runs"))).toMatchObject({ items: [{ name: "b" }] });
  expect([keys.curves(["1", "2"]), keys.curves(["2"]), keys.list("runs")].map(isStale)).toEqual([
    true,
    false,
    false,
  ]);
});

it("a run that is new or over asks for the lists again", () => {
  for (const run of [
    { id: "2", status: "running" },
    { id: "1", status: "finished" },
    { id: "1", status: "failed" },
    { id: "1", status: "cancelled" },
  ] as RunSummary[]) {
    const client = new QueryClient();
    client.setQueryData(keys.list("runs"), { items: [{ id: "1" }], nextCursor: null, estimate: 1 });

    applyChange(client, { event: "run", run });

    expect(client.getQueryState(keys.list("runs"))?.isInvalidated).toBe(true);
  }
});

it("a model that changed refreshes the registry, and the segments where it made them", () => {
  const client = new QueryClient();
  for (const key of [keys.models, keys.model("segment"), keys.segmentation]) client.setQueryData(key, {});

  applyChange(client, { event: "model", model: { kind: "score" } as ModelSummary });
  expect(client.getQueryState(keys.model("segment"))?.isInvalidated).toBe(true);
  expect(client.getQueryState(keys.segmentation)?.isInvalidated).toBe(false);

  applyChange(client, { event: "model", model: { kind: "segment" } as ModelSummary });
  expect(client.getQueryState(keys.segmentation)?.isInvalidated).toBe(true);
});

it.each(["failed", "cancelled"] as const)("a run whose job %s no longer passes for running", (status) => {
  const client = new QueryClient();
  const running = { id: "1", status: "running", error: null } as RunDetail;
  client.setQueryData(keys.record("runs", "1"), running);
  client.setQueryData(keys.list("runs"), { items: [running], nextCursor: null, estimate: 1 });

  applyChange(client, { event: "run", run: { ...running, status } });

  expect(client.getQueryData(keys.record("runs", "1"))).toMatchObject({ status });
  expect(client.getQueryData(keys.list("runs"))).toMatchObject({ items: [{ status }] });
  expect(client.getQueryState(keys.record("runs", "1"))?.isInvalidated).toBe(true);
});

it("what was read by other rules is forgotten once a role has changed, and stays where it has not", async () => {
  const client = new QueryClient();
  const contact = keys.record("contacts", "1");
  let rules = 0;
  const access = new QueryObserver(client, { queryKey: keys.ownAccess, queryFn: () => ({ rules }) });
  const stop = access.subscribe(() => {});
  await access.refetch();
  client.setQueryData(keys.session, { id: "1" });
  client.setQueryData(contact, { phone: "+49" });

  await followAccess(client);
  expect(client.getQueryData(contact)).toEqual({ phone: "+49" });

  rules = 1;
  await followAccess(client);
  expect(client.getQueryData(contact)).toBeUndefined();
  expect(client.getQueryData(keys.session)).toEqual({ id: "1" });
  expect(client.getQueryData(keys.ownAccess)).toEqual({ rules: 1 });
  stop();
});
