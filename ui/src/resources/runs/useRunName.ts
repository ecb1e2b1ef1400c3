import { useCallback } from "react";

import type { RunSummary } from "@/api/types";
import { useWords } from "@/resources/models/useWords";

/** Names that the server gives by itself, and the task whose words say the same to the reader. */
const GIVEN = new Map([["customer segments", "segment"]]);

/** What a run is called: as somebody named it, or by its task in the reader's language. */
export function useRunName(): (run: Pick<RunSummary, "name">) => string {
  const words = useWords();
  return useCallback(
    ({ name }) => {
      const task = GIVEN.get(name);
      return task === undefined ? name : words("kind", task);
    },
    [words],
  );
}
