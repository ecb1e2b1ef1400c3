import type { AuditEntry } from "@/api/types";
import { useT } from "@/i18n";

/** What people call what an entry is about: its name, or its kind where it has none. */
export function useEntryName() {
  const t = useT();
  return ({ title, object }: AuditEntry) => title ?? t(`audit.object.${object}`);
}
