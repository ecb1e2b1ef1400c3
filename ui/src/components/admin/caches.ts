import type { QueryClient } from "@tanstack/react-query";

import type { EditResource, ListRecords, ListResource } from "@/api/dataProvider";
import type { ContactProfile } from "@/api/types";
import { changeRow, rowsOf, type Listed } from "./pages";

/**
 * The names of what is cached. All lists of a kind begin alike, so that a change of one record, or news of
 * many, finds them.
 */
export const keys = {
  list: (resource: ListResource, ...rest: unknown[]): unknown[] => ["list", resource, ...rest],
  record: (resource: string, id: string) => ["record", resource, id],
  profile: (id: string) => ["profile", id],
  notesOf: (id: string) => ["notes", id],
  timeline: (id: string) => ["timeline", id],
  segmentation: ["segmentation"],
  peopleOf: (company: string) => keys.list("contacts", "of-company", company),
  tasksOf: (contact: string) => keys.list("tasks", "of-contact", contact),
  members: (id: string) => keys.list("contacts", "members", id),
  /** All that is known of some runs beside their records begins with the same word. */
  comparison: (ids: string[]) => ["runs", "compare", ...ids],
  curves: (ids: string[], metrics?: string[]) => ["runs", "curves", ids, metrics ?? "all"],
  evaluation: (id: string) => ["runs", "evaluation", id],
  trials: (id: string, sort: string) => ["runs", "trials", id, sort],
  models: ["models"],
  model: (kind: string) => ["models", kind],
  modelVersion: (kind: string, version: number) => ["models", kind, version],
  savedViews: ["saved_views"],
  sources: ["sources"],
  audit: (...rest: unknown[]): unknown[] => ["audit", ...rest],
  ledger: (from: string) => ["ledger", from],
  writeKeys: (source: string) => ["write_keys", source],
  home: ["home"],
  pipelines: ["pipelines"],
  customFields: ["custom_fields"],
  settings: ["settings"],
  session: ["session"],
  ownAccess: ["access", "own"],
  roles: ["access", "roles"],
  teams: ["access", "teams"],
  membersOf: (team: string) => ["access", "teams", team],
  pools: ["access", "pools"],
  shares: (kind: string, id: string) => ["shares", kind, id],
  jobs: ["jobs"],
  /** All that is about duplicates begins alike. */
  matching: ["matching"],
  matchPairs: (...rest: unknown[]): unknown[] => ["matching", "pairs", ...rest],
  matchRuns: ["matching", "runs"],
  matchAcceptances: ["matching", "acceptances"],
  matchAcceptance: (job: string) => ["matching", "acceptance", job],
  matchingSettings: ["matching", "settings"],
  survivorship: ["matching", "survivorship"],
  /** Below a contact, since every change of one may change it. */
  mergePreview: (stays: string, goes: string, rules: unknown): unknown[] => [
    "profile",
    stays,
    "merge",
    goes,
    rules,
  ],
  identityOperations: (contact: string) => ["identity", contact],
  importFields: ["import_fields"],
  importPresets: ["import_presets"],
};

/** Changes a record wherever the query cache holds it: lists, its own page, its profile. */
export function changeCached<R extends EditResource>(
  client: QueryClient,
  resource: R,
  id: string,
  change: (record: ListRecords[R]) => ListRecords[R],
) {
  client.setQueriesData<Listed<ListRecords[R]>>(
    { queryKey: keys.list(resource) },
    (listed) => listed && changeRow(listed, id, change),
  );
  client.setQueryData<ListRecords[R]>(keys.record(resource, id), (record) => record && change(record));
  if (resource === "contacts") {
    client.setQueryData<ContactProfile>(
      keys.profile(id),
      (profile) =>
        profile && {
          ...profile,
          contact: change(profile.contact as ListRecords[R]) as ContactProfile["contact"],
        },
    );
  }
}

/** Whether a query may hold the record. */
export function isAbout(queryKey: readonly unknown[], resource: EditResource, id: string): boolean {
  const [kind, first, second] = queryKey;
  return (
    (kind === "list" && first === resource) ||
    (kind === "record" && first === resource && second === id) ||
    (kind === "profile" && resource === "contacts" && first === id)
  );
}

/** The newest form of a record that the cache holds. */
export function newestCached<R extends EditResource>(
  client: QueryClient,
  resource: R,
  id: string,
): ListRecords[R] | undefined {
  const held = [
    client.getQueryData<ListRecords[R]>(keys.record(resource, id)),
    resource === "contacts"
      ? (client.getQueryData<ContactProfile>(keys.profile(id))?.contact as ListRecords[R] | undefined)
      : undefined,
    ...client
      .getQueriesData<Listed<ListRecords[R]>>({ queryKey: keys.list(resource) })
      .map(([, listed]) => rowsOf(listed).find((row) => row.id === id)),
  ];
  return held.reduce((newest, one) => (one && (!newest || one.version > newest.version) ? one : newest));
}
