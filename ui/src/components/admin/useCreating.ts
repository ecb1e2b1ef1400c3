import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";

import { asSearch } from "./searchParams";

/** Whether the dialog for a new record is open; it stands in the address, so that it can be linked to. */
export function useCreating() {
  const search = useSearch({ strict: false }) as { new?: string };
  const navigate = useNavigate();
  const isCreating = search.new === "1";
  const setCreating = useCallback(
    (isOpen: boolean) =>
      void navigate({
        to: ".",
        search: asSearch(({ new: _, ...rest }: { new?: string }) => (isOpen ? { ...rest, new: "1" } : rest)),
        replace: true,
      }),
    [navigate],
  );
  return [isCreating, setCreating] as const;
}
