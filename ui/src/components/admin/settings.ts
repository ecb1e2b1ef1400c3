import { queryOptions } from "@tanstack/react-query";

import type { DataProvider } from "@/api/dataProvider";
import { keys } from "./caches";

/** The workspace's settings, which seldom change. */
export const settingsQuery = (data: DataProvider) =>
  queryOptions({ queryKey: keys.settings, queryFn: () => data.settings(), staleTime: 300_000 });
