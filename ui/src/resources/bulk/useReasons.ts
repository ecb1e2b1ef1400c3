import { useCallback } from "react";

import type { RefusalReason } from "@/api/types";
import { useFormats, useT } from "@/i18n";

/** Why records are left as they are, with how many each, in words. */
export function useReasons() {
  const t = useT();
  const formats = useFormats();
  return useCallback(
    (refused: Record<string, number>) =>
      Object.entries(refused)
        .map(([reason, n]) => t(`bulk.reason.${reason as RefusalReason}`, { text: formats.number(n) }))
        .join(", "),
    [t, formats],
  );
}
