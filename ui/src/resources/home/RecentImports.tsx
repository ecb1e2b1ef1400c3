import { Link } from "@tanstack/react-router";

import type { Import } from "@/api/types";
import { Card, CardTitle } from "@/components/ui/bits";
import { useFormats, useT } from "@/i18n";
import { ImportBadge } from "@/resources/imports/ImportBadge";

export function RecentImports({ imports }: { imports: Import[] }) {
  const t = useT();
  const formats = useFormats();
  if (imports.length === 0) return null;
  return (
    <Card>
      <CardTitle>{t("home.recentImports")}</CardTitle>
      <ul className="px-2 pb-2">
        {imports.map((one) => (
          <li key={one.id}>
            <Link
              to="/imports/$id"
              params={{ id: one.id }}
              className="flex min-h-9 flex-wrap items-center gap-x-3 rounded-md px-2 hover:bg-hover"
            >
              <span className="min-w-0 flex-1 truncate font-medium">{one.file_name}</span>
              <span className="numeric text-ink-2">
                {t("imports.rows", { count: one.counts.read, text: formats.number(one.counts.read) })}
              </span>
              <ImportBadge status={one.status} />
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}
