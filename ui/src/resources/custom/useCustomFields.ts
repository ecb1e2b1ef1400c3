import { useQuery } from "@tanstack/react-query";

import { useData } from "@/api/context";
import type { DataProvider } from "@/api/dataProvider";
import type { CustomField } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { loadTexts } from "@/i18n";
import type { CustomObject } from "./customModel";

/** All fields, archived ones included, with the texts that go with them. */
export const customFieldsQuery = (data: DataProvider) => ({
  queryKey: keys.customFields,
  queryFn: async () => {
    await loadTexts("custom");
    return data.customFields();
  },
});

/** The fields of an object that are in use, in their order. */
export function useCustomFields(object: CustomObject | null): CustomField[] {
  const data = useData();
  const fields = useQuery({ ...customFieldsQuery(data), enabled: object !== null }).data;
  return fields?.filter((field) => field.object === object && field.archived_at === null) ?? [];
}
