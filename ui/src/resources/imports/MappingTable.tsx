import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Play, ScanSearch, TriangleAlert } from "lucide-react";
import { lazy, Suspense, useState } from "react";

import { useData } from "@/api/context";
import { ApiError } from "@/api/problem";
import type { FieldInfo, Import } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { messageOf } from "@/components/admin/useEdit";
import { Card } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { HeadCell, Table } from "@/components/ui/Table";
import { loadTexts, useFormats, useT } from "@/i18n";
import { problemText } from "@/i18n/problems";
import { useMay } from "@/resources/session/useSession";
import { MappingOptions } from "./MappingOptions";
import { MappingRow } from "./MappingRow";
import {
  customObjectOf,
  fieldsOf,
  hasReplacing,
  isReplaced,
  missingFields,
  setField,
  setReplace,
} from "./mappingModel";

/** Comes with its texts when a column needs a field that is not there. */
const NewFieldDialog = lazy(async () => (await loadTexts("custom"), import("./NewFieldDialog")));

/** Which column fills which field: guessed, with its reason, and changed where it is wrong. */
export function MappingTable({ one, fields: all }: { one: Import; fields: FieldInfo[] }) {
  const t = useT();
  const formats = useFormats();
  const data = useData();
  const client = useQueryClient();
  const mayWrite = useMay("import_files");
  const [mapping, setMapping] = useState(one.mapping);
  const missing = missingFields(mapping, all);
  const fields = fieldsOf(all, mapping.entity);
  const mayReplace = hasReplacing(mapping.entity);
  const object = customObjectOf(mapping.entity);
  const mayDefine = useMay("define_fields") && object !== null;
  const [isFor, setIsFor] = useState<string | null>(null);

  const run = useMutation({
    mutationFn: async () => {
      await data.setMapping(one.id, mapping);
      await data.runImport(one.id);
    },
    onSuccess: () => client.invalidateQueries({ queryKey: keys.record("imports", one.id) }),
  });

  const dryRun = useMutation({
    mutationFn: async () => {
      await data.setMapping(one.id, mapping);
      await data.startDryRun(one.id);
    },
    onSuccess: () => client.invalidateQueries({ queryKey: keys.record("imports", one.id) }),
  });
  const failure = run.error ?? dryRun.error;

  return (
    <Card>
      <div className="flex flex-wrap items-end gap-3 px-4 py-3">
        <MappingOptions fields={all} mapping={mapping} rows={one.preview.rows} onChange={setMapping} />
        <span className="flex-1" />
        <Button
          disabled={!mayWrite || missing.length > 0 || dryRun.isPending}
          onClick={() => dryRun.mutate()}
        >
          <ScanSearch />
          {t("importing.dryRun")}
        </Button>
        <Button
          variant="primary"
          disabled={!mayWrite || missing.length > 0 || run.isPending}
          onClick={() => run.mutate()}
        >
          <Play />
          {t("imports.run")}
        </Button>
      </div>
      <p className="px-4 pb-3 text-ink-2">{t("imports.mappingHint")}</p>
      {missing.length > 0 && (
        <p
          role="status"
          className="mx-4 mb-3 flex items-start gap-2 rounded-md bg-warn-soft px-3 py-2 text-warn"
        >
          <TriangleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
          {t("imports.missing", { fields: formats.list(missing.map(({ label }) => formats.text(label))) })}
        </p>
      )}
      {failure && (
        <div role="alert" className="mx-4 mb-3 rounded-md bg-bad-soft px-3 py-2 text-bad">
          <p>{messageOf(failure)}</p>
          {failure instanceof ApiError &&
            failure.violations
              .slice(1)
              .map((violation) => <p key={violation.pointer}>{problemText(violation)}</p>)}
        </div>
      )}
      <Table
        caption={t("imports.mapping")}
        tableClassName="min-w-2xl phone:min-w-xl"
        head={
          <>
            <HeadCell>{t("imports.column")}</HeadCell>
            <HeadCell className="phone:hidden">{t("imports.samples")}</HeadCell>
            <HeadCell>{t("imports.field")}</HeadCell>
            {mayReplace && <HeadCell>{t("importing.replace")}</HeadCell>}
            <HeadCell>{t("imports.certainty")}</HeadCell>
          </>
        }
      >
        {mapping.columns.map((column) => (
          <MappingRow
            key={column.column}
            column={column}
            preview={one.preview}
            fields={fields}
            isReplaced={mayReplace ? isReplaced(mapping, column) : null}
            onReplace={(replace) => setMapping(setReplace(mapping, column.column, replace))}
            onField={(field) => setMapping(setField(mapping, column.column, field))}
            onNewField={mayDefine ? () => setIsFor(column.column) : null}
          />
        ))}
      </Table>
      {object && isFor !== null && (
        <Suspense>
          <NewFieldDialog
            object={object}
            column={isFor}
            preview={one.preview}
            onMade={(field) => setMapping(setField(mapping, isFor, field))}
            onClose={() => setIsFor(null)}
          />
        </Suspense>
      )}
    </Card>
  );
}
