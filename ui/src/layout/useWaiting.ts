import { useIsMutating, useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";

import { useData } from "@/api/context";
import type { Condition } from "@/api/dataProvider";
import { today } from "@/resources/tasks/taskModel";
import type { Place } from "./navigation";

const REFRESH_MS = 120_000;

/** What waits at a place: tasks whose day has come, tickets that nobody answered. */
function conditionsOf(place: Place["key"]): Condition[] | null {
  if (place === "tickets") return [{ field: "status", op: "eq", value: "open" }];
  if (place !== "tasks") return null;
  return [
    { field: "status", op: "eq", value: "open" },
    { field: "due_on", op: "lte", value: today(Date.now()) },
  ];
}

/** How many records wait at a place: one row and the server's capped count, asked for now and then. */
export function useWaiting(place: Place["key"]): number {
  const data = useData();
  const filter = conditionsOf(place);
  const resource = place === "tickets" ? "tickets" : "tasks";
  const { data: n = 0, refetch } = useQuery({
    queryKey: ["waiting", place],
    queryFn: async () => {
      const page = await data.list(resource, { filter: filter ?? [] }, { limit: 1 });
      return page.items.length === 0 ? 0 : (page.estimate ?? page.items.length);
    },
    enabled: filter !== null,
    refetchInterval: REFRESH_MS,
  });
  // A task that is ticked off no longer waits.
  const nEdits = useIsMutating({ mutationKey: ["edit", resource] });
  const before = useRef(0);
  useEffect(() => {
    if (filter !== null && before.current > 0 && nEdits === 0) void refetch();
    before.current = nEdits;
  });
  return n;
}
