import type { QueryClient } from "@tanstack/react-query";

import type { EditResource, ListRecords, ListResource } from "@/api/dataProvider";
import type { ContactProfile } from "@/api/types";
import { changeRow, type Pages } from "./pages";

export const keys = {
  list: (resource: ListResource, ...rest: unknown[]) => ["list", resource, ...rest],
  record: (resource: string, id: string) => ["record", resource, id],
  profile: (id: string) => ["profile", id],
  timeline: (id: string) => ["timeline", id],
  segmentation: ["segmentation"],
  members: (id: string) => ["list", "contacts", "members", id],
  home: ["home"],
  settings: ["settings"],
  session: ["session"],
  jobs: ["jobs"],
  importFields: ["import_fields"],
};

/** Changes a record wherever the query cache holds it: lists, its own page, its profile. */
export function changeCached<R extends EditResource>(
  client: QueryClient,
  resource: R,
  id: string,
  change: (record: ListRecords[R]) => ListRecords[R],
) {
  client.setQueriesData<Pages<ListRecords[R]>>(
    { queryKey: keys.list(resource) },
    (pages) => pages && changeRow(pages, id, change),
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

/** The newest version of a record that the cache knows. */
export function newestVersion(
  client: QueryClient,
  resource: EditResource,
  id: string,
  known: number,
): number {
  let newest = known;
  const look = (record: { id: string; version: number } | undefined) => {
    if (record?.id === id) newest = Math.max(newest, record.version);
  };
  look(client.getQueryData(keys.record(resource, id)));
  look(client.getQueryData<ContactProfile>(keys.profile(id))?.contact);
  for (const [, pages] of client.getQueriesData<Pages<{ id: string; version: number }>>({
    queryKey: keys.list(resource),
  })) {
    pages?.pages.forEach((page) => page.items.forEach(look));
  }
  return newest;
}
