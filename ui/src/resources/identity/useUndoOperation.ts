import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";

import { useData } from "@/api/context";
import type { IdentityOperationUndo, IdentityOperationUndoRequest } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { useRefreshPeople } from "./useRefreshPeople";

export const WHOLE: IdentityOperationUndoRequest = { reason: null, keep_apart: false, in_part: false };

/** Takes a merge or a decision back, and shows people and pairs anew. */
export function useUndoOperation() {
  const data = useData();
  const client = useQueryClient();
  const refreshPeople = useRefreshPeople();
  return useCallback(
    async (operation: number, request = WHOLE): Promise<IdentityOperationUndo> => {
      const undone = await data.undoIdentityOperation(operation, request);
      refreshPeople();
      void client.invalidateQueries({ queryKey: keys.matchPairs() });
      return undone;
    },
    [data, client, refreshPeople],
  );
}
