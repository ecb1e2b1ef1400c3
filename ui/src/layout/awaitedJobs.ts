import type { QueryClient } from "@tanstack/react-query";

import type { Id, Job } from "@/api/types";

/** Jobs that were started here and whose end somebody waits for. */
const all = new WeakMap<QueryClient, Set<Id>>();

/** Whoever started the job is told of its end, whichever screen is open by then. */
export function awaitJob(client: QueryClient, { id }: Job) {
  all.set(client, new Set([...(all.get(client) ?? []), id]));
}

/** Whether somebody waited for a job that is over now; its end is told once. */
export function takeAwaited(client: QueryClient, { id }: Job): boolean {
  return all.get(client)?.delete(id) ?? false;
}

/** Forgets what was waited for: it was somebody else's. */
export function forgetAwaited(client: QueryClient) {
  all.delete(client);
}
