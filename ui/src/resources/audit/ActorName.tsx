import type { AuditActor } from "@/api/types";
import { useT } from "@/i18n";

/** Who acted: a person, a key that acts as one, or a part of the program. */
export function ActorName({ actor: { user, api_key, system } }: { actor: AuditActor }) {
  const t = useT();
  if (system) return <span>{t(`audit.system.${system}`)}</span>;
  return (
    <span className="grid">
      <span>{user?.name ?? t("audit.formerUser")}</span>
      {api_key && <span className="text-xs text-ink-2">{t("audit.byKey", { name: api_key.name })}</span>}
    </span>
  );
}
