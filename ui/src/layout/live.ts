import { hashKey, useQueryClient, type Query, type QueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { toast } from "sonner";

import { useData } from "@/api/context";
import type { ServerChange } from "@/api/dataProvider";
import type { Import, Job, RunDetail, RunSummary, TrainingOutcome } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { changeRow, rowsOf, type Listed } from "@/components/admin/pages";
import { useT } from "@/i18n";
import { i18nHas } from "@/i18n/problems";
import { outcomeOf } from "@/resources/segments/outcome";
import { takeAwaited } from "./awaitedJobs";
import { useStepName } from "./useStepName";

const isOver = ({ status }: Job | Import) =>
  status === "done" || status === "failed" || status === "cancelled" || status === "undone";

/** What the server tells only patches or refreshes the query cache; no screen listens by itself. */
export function applyChange(client: QueryClient, change: ServerChange) {
  switch (change.event) {
    case "reset":
      // Those under way are told of next; those that ended meanwhile never are.
      client.setQueryData<Job[]>(keys.jobs, []);
      void client.invalidateQueries({ predicate: mayHaveMissed });
      return;
    case "job":
      client.setQueryData<Job[]>(keys.jobs, (jobs = []) => withJob(jobs, change.job));
      if (isOver(change.job)) void client.invalidateQueries({ queryKey: keys.home });
      // Searching merges, too, where it is let.
      if (isOver(change.job) && MATCHING.includes(change.job.kind))
        void client.invalidateQueries({ predicate: isAboutPeople });
      return;
    case "import": {
      const next = change.import;
      client.setQueryData<Import>(keys.record("imports", next.id), (known) => ({ ...known, ...next }));
      client.setQueriesData<Listed<Import>>(
        { queryKey: keys.list("imports") },
        (listed) => listed && changeRow(listed, next.id, (row) => ({ ...row, ...next })),
      );
      // Also what a stopped import took in stays in.
      if (isOver(next)) void client.invalidateQueries({ predicate: isAboutRecords });
      return;
    }
    case "segmentation":
      void client.invalidateQueries({ predicate: isAboutSegments });
      return;
    case "run":
      applyRun(client, change.run);
      return;
    case "model":
      void client.invalidateQueries({ queryKey: keys.models });
      // The segments of the champion are those that show.
      if (change.model.kind === "segment") void client.invalidateQueries({ predicate: isAboutSegments });
  }
}

/** Jobs that change who is whom. */
const MATCHING = ["matching", "match_acceptance", "undo_match_acceptance"];

function applyRun(client: QueryClient, run: RunSummary) {
  client.setQueryData<RunDetail>(keys.record("runs", run.id), (known) => known && { ...known, ...run });
  const ofRuns = { queryKey: keys.list("runs") };
  const lists = client.getQueriesData<Listed<RunSummary>>(ofRuns);
  const isListed = lists.every(([, listed]) => rowsOf(listed).some(({ id }) => id === run.id));
  client.setQueriesData<Listed<RunSummary>>(
    ofRuns,
    (listed) => listed && changeRow(listed, run.id, () => run),
  );
  if (!isListed || run.status !== "running") void client.invalidateQueries(ofRuns);
  // A run tells of itself often; an answer on its way is waited for, else none would ever arrive.
  const names = ({ queryKey }: Asked) => queryKey[0] === "runs" && queryKey.flat().includes(run.id);
  void client.invalidateQueries({ predicate: names }, { cancelRefetch: false });
  if (run.status !== "running") void client.invalidateQueries({ queryKey: keys.record("runs", run.id) });
}

/** Jobs that run, newest first; a finished one stays until the next begins. */
export function withJob(jobs: Job[], job: Job): Job[] {
  const others = jobs.filter((known) => known.id !== job.id);
  return [job, ...(isOver(job) ? others : others.filter((known) => !isOver(known)))];
}

type Asked = Pick<Query, "queryKey" | "state">;

function mayHaveMissed({ queryKey: [kind, resource], state }: Asked): boolean {
  const isImport = kind === "record" && resource === "imports";
  return (
    kind === "home" ||
    kind === "segmentation" ||
    kind === "runs" ||
    kind === "models" ||
    kind === "matching" ||
    (kind === "list" && (resource === "imports" || resource === "runs")) ||
    (kind === "record" && resource === "runs") ||
    (isImport && !(state.data && isOver(state.data as Import)))
  );
}

function isAboutRecords({ queryKey: [kind, resource] }: Asked): boolean {
  const isOfRecords = resource !== "imports" && resource !== "runs";
  const holdsRecords = (kind === "list" || kind === "record") && isOfRecords;
  return kind === "home" || kind === "profile" || kind === "timeline" || holdsRecords;
}

const isAboutPeople = (asked: Asked) =>
  isAboutRecords(asked) || asked.queryKey[0] === "matching" || asked.queryKey[0] === "identity";

function isAboutSegments({ queryKey: [kind, resource] }: Asked): boolean {
  const holdsContacts = (kind === "list" || kind === "record") && resource === "contacts";
  return kind === "segmentation" || kind === "home" || kind === "profile" || holdsContacts;
}

/**
 * Asks anew what the reader's role allows, for a stream begins anew also where that was changed. What was read
 * by other rules is forgotten, so that nothing stays on a screen that is hidden by now.
 */
export async function followAccess(client: QueryClient) {
  const before = client.getQueryData(keys.ownAccess);
  await client.refetchQueries({ queryKey: keys.ownAccess, exact: true });
  // An answer that is as it was is the very same object.
  if (before === undefined || client.getQueryData(keys.ownAccess) === before) return;
  await client.resetQueries({ predicate: isReadByRules });
}

/** Everything but who is signed in, and what the role allows. */
const isReadByRules = ({ queryKey }: Asked) =>
  ![keys.session, keys.ownAccess].some((key) => hashKey(key) === hashKey(queryKey));

/** Keeps the query cache up with the server, and says what failed there and what was waited for. */
export function useLiveUpdates() {
  const data = useData();
  const client = useQueryClient();
  const say = useSay();
  const told = useRef(say);
  told.current = say;
  useEffect(
    () =>
      data.subscribe((change) => {
        if (change.event === "job") told.current(change.job);
        applyChange(client, change);
        if (change.event === "reset") void followAccess(client);
      }),
    [data, client],
  );
}

/** Says of a job that is over what its reader shall know. */
function useSay(): (job: Job) => void {
  const client = useQueryClient();
  const t = useT();
  const stepName = useStepName();
  const sayTrained = (training: TrainingOutcome) => {
    const outcome = outcomeOf(training);
    const why = `segments.refusal.${training.refusal}`;
    const description = i18nHas(why) ? t(why as "segments.refusal.no_evidence") : undefined;
    const show = outcome === "new" ? toast.success : toast;
    show(t(`segments.outcome.${outcome}`), { description });
  };
  return (job) => {
    if (!isOver(job)) return;
    const isAwaited = takeAwaited(client, job);
    if (isNewlyFailed(client, job)) {
      const description = job.error ?? t("error.unknown");
      toast.error(t("jobs.failed", { job: stepName(job.kind) }), { description });
    }
    if (isAwaited && job.training) sayTrained(job.training);
  };
}

function isNewlyFailed(client: QueryClient, job: Job): boolean {
  const known = client.getQueryData<Job[]>(keys.jobs)?.find(({ id }) => id === job.id);
  return job.status === "failed" && known?.status !== "failed";
}
