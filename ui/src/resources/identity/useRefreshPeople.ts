import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";

/** What may show a contact, or what hangs on one. */
const ABOUT_PEOPLE = ["list", "record", "profile", "timeline", "identity", "home", "source-records"];

/** Asks anew for all that a merge, a split or the undoing of one changes on the screen. */
export function useRefreshPeople() {
  const client = useQueryClient();
  return useCallback(
    () =>
      void client.invalidateQueries({
        predicate: ({ queryKey: [kind, resource] }) =>
          ABOUT_PEOPLE.includes(String(kind)) && resource !== "imports" && resource !== "runs",
      }),
    [client],
  );
}
