import { QueryClient } from "@tanstack/react-query";
import { expect, it } from "vitest";

import { progressed, uploadedImport } from "@/api/memory/importing";
import type { Import, Job } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { applyChange, withJob } from "./live";

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
