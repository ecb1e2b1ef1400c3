import { useMemo } from "react";

import type { Import } from "@/api/types";
import type { Column } from "@/components/admin/columns";
import { ListPage } from "@/components/admin/ListPage";
import { useFormats, useT } from "@/i18n";
import { useMay } from "@/resources/session/useSession";
import { ImportBadge } from "./ImportBadge";
import { nRejected } from "./mappingModel";
import { UploadBox } from "./UploadBox";

export function ImportList() {
  const t = useT();
  const formats = useFormats();
  const mayWrite = useMay("import_files");
  const columns = useMemo<Column<Import>[]>(
    () => [
      {
        id: "file_name",
        header: t("imports.file"),
        width: "minmax(15rem, 1.6fr)",
        isPinned: true,
        cell: (i) => <span className="block truncate">{i.file_name}</span>,
      },
      {
        id: "status",
        header: t("imports.status"),
        width: "8rem",
        isOnPhone: true,
        cell: (i) => <ImportBadge status={i.status} />,
      },
      {
        id: "entity",
        header: t("imports.entity"),
        width: "minmax(8rem, 0.8fr)",
        cell: (i) => <span className="text-ink-2">{t(`imports.entities.${i.entity}`)}</span>,
      },
      {
        id: "source",
        header: t("imports.source"),
        width: "minmax(8rem, 0.8fr)",
        cell: (i) => <span className="text-ink-2">{i.source}</span>,
      },
      {
        id: "read",
        header: t("imports.read"),
        width: "7rem",
        align: "right",
        cell: (i) => formats.number(i.counts.read),
      },
      {
        id: "accepted",
        header: t("imports.accepted"),
        width: "7rem",
        align: "right",
        cell: (i) => formats.number(i.counts.accepted),
      },
      {
        id: "rejected",
        header: t("imports.rejected"),
        width: "7rem",
        align: "right",
        cell: (i) => (
          <span className={nRejected(i) > 0 ? "text-bad" : "text-ink-2"}>{formats.number(nRejected(i))}</span>
        ),
      },
      {
        id: "created_at",
        header: t("imports.createdAt"),
        width: "11rem",
        isSortable: true,
        cell: (i) => <span className="text-ink-2">{formats.dateTime(i.created_at)}</span>,
      },
    ],
    [t, formats],
  );
  return (
    <ListPage
      resource="imports"
      title={t("nav.imports")}
      searchLabel={t("imports.search")}
      searchBy="file_name"
      banner={mayWrite && <UploadBox />}
      columns={columns}
      defaultSort="-created_at"
      href={(one) => `/imports/${one.id}`}
      nameOf={(one) => one.file_name}
      empty={<p className="p-8 text-center text-ink-2">{t("imports.empty")}</p>}
    />
  );
}
