import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";

import { useData } from "@/api/context";
import type { Import } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { Card, Skeleton } from "@/components/ui/bits";
import { ErrorState } from "@/components/ui/StateView";
import { loadTexts, useFormats, useT } from "@/i18n";
import { RecordPage } from "@/layout/RecordPage";
import { DoneLinks } from "./DoneLinks";
import { ImportBadge } from "./ImportBadge";
import { ImportCounts } from "./ImportCounts";
import { ImportProgress } from "./ImportProgress";
import { MappingTable } from "./MappingTable";
import { PresetSelect } from "./PresetSelect";
import { nRejected } from "./mappingModel";
import { RejectedRows } from "./RejectedRows";
import { SheetSelect } from "./SheetSelect";

/** Comes with its texts once a dry run was asked for. */
const DryRunCard = lazy(async () => {
  await Promise.all([loadTexts("dryRun"), loadTexts("fields")]);
  return import("./DryRunCard");
});

/** Comes with its texts once an import is over. */
const UndoCard = lazy(async () => {
  await Promise.all([loadTexts("undo"), loadTexts("fields")]);
  return import("./UndoCard");
});

/** One file on its way in: mapping, then progress, then what became of each row. */
export function ImportShow() {
  return (
    <RecordPage
      resource="imports"
      titleOf={(one) => one.file_name}
      note={(one) => <ImportBadge status={one.status} />}
    >
      {(one) => (
        <>
          <FileLine one={one} />
          {one.error && (
            <p role="alert" className="rounded-lg bg-bad-soft px-4 py-3 text-bad">
              {one.error}
            </p>
          )}
          {one.status === "ready" ? <MappingStep one={one} /> : <Outcome one={one} />}
        </>
      )}
    </RecordPage>
  );
}

function MappingStep({ one }: { one: Import }) {
  const data = useData();
  const fields = useQuery({
    queryKey: keys.importFields,
    queryFn: () => data.importFields(),
    staleTime: Infinity,
  });
  if (fields.error) return <ErrorState error={fields.error} onRetry={() => void fields.refetch()} />;
  if (!fields.data) return <Skeleton className="h-80" />;
  const { sheet, sheets } = one.format;
  return (
    <>
      {sheets.length > 1 && <SheetSelect one={one} />}
      <PresetSelect one={one} />
      {/* Another sheet or preset maps other columns: what was chosen before is gone. */}
      <MappingTable
        key={`${one.id} ${sheet ?? ""} ${one.mapping.preset ?? ""}`}
        one={one}
        fields={fields.data}
      />
      {one.dry_run_job_id && (
        <Suspense>
          <DryRunCard one={one} />
        </Suspense>
      )}
    </>
  );
}

function Outcome({ one }: { one: Import }) {
  const isGoing = one.status === "queued" || one.status === "running";
  return (
    <>
      {one.status === "done" && <DoneLinks entity={one.entity} />}
      {(isGoing || one.status === "failed" || one.status === "cancelled") && <ImportProgress one={one} />}
      <ImportCounts one={one} />
      {nRejected(one) > 0 && <RejectedRows one={one} />}
      {!isGoing && (
        <Suspense>
          <UndoCard one={one} />
        </Suspense>
      )}
    </>
  );
}

const ENCODINGS: Record<Import["format"]["encoding"], string> = {
  utf8: "UTF-8",
  utf16_le: "UTF-16 LE",
  utf16_be: "UTF-16 BE",
  gb18030: "GB 18030",
  windows1252: "Windows-1252",
};

/** Whether the whole file is one text: workbooks and Parquet are none, and each message has its own encoding. */
const hasEncoding = (kind: Import["format"]["kind"]): boolean =>
  !["xlsx", "parquet", "mbox", "eml"].includes(kind);

function FileLine({ one }: { one: Import }) {
  const t = useT();
  const formats = useFormats();
  const { kind, encoding, delimiter, compression, sheet } = one.format;
  const delimiters: Record<string, string> = { "\t": "Tab", ",": ",", ";": ";", "|": "|" };
  const facts = [
    [t("imports.source"), one.source],
    [t("imports.size"), formats.bytes(one.bytes)],
    [
      t("imports.format"),
      [kind.replaceAll("_", " "), compression === "none" ? null : compression]
        .filter(Boolean)
        .join(" · ")
        .toUpperCase(),
    ],
    ...(sheet ? [[t("importing.sheet"), sheet]] : []),
    ...(hasEncoding(kind) ? [[t("imports.encoding"), ENCODINGS[encoding]]] : []),
    ...(delimiter ? [[t("imports.delimiter"), delimiters[delimiter] ?? delimiter]] : []),
  ];
  return (
    <Card>
      <dl className="flex flex-wrap gap-x-8 gap-y-1 px-4 py-3">
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt className="text-xs text-ink-3">{label}</dt>
            <dd className="font-medium">{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
