import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { useData } from "@/api/context";
import { keys } from "@/components/admin/caches";
import { Card, CardTitle } from "@/components/ui/bits";
import { useFormats, useT } from "@/i18n";
import { ActorName } from "./ActorName";
import { conditionsOf } from "./auditModel";

/** People that are named; the audit has them all. */
const N_SHOWN = 5;

/** Who has opened a record lately. */
export default function SeenCard({ id }: { id: string }) {
  const t = useT();
  const data = useData();
  const formats = useFormats();
  const filter = conditionsOf({ action: "viewed", record: id });
  const seen = useQuery({
    queryKey: keys.audit(filter),
    queryFn: () => data.audit({ filter }, { limit: N_SHOWN }),
  });
  if (!seen.data) return null;
  return (
    <Card>
      <CardTitle>{t("audit.seen")}</CardTitle>
      <div className="grid gap-2 px-4 pb-4">
        {seen.data.items.length === 0 ? (
          <p className="text-ink-2">{t("audit.seenEmpty")}</p>
        ) : (
          <ul className="grid gap-1">
            {seen.data.items.map(({ id: entry, actor, at }) => (
              <li key={entry} className="flex justify-between gap-2">
                <ActorName actor={actor} />
                <span className="text-xs text-ink-2">{formats.dateTime(at)}</span>
              </li>
            ))}
          </ul>
        )}
        <Link to="/settings/audit" search={{ record: id }} className="text-accent-text hover:underline">
          {t("audit.seenAll")}
        </Link>
      </div>
    </Card>
  );
}
