import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Play, TriangleAlert } from "lucide-react";
import { useState } from "react";

import { useData } from "@/api/context";
import { ApiError } from "@/api/problem";
import type { EntityKind, FieldInfo, Import, Mapping } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { messageOf } from "@/components/admin/useEdit";
import { Card } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { Field, Select } from "@/components/ui/fields";
import { useFormats, useT } from "@/i18n";
import { problemText } from "@/i18n/problems";
import { useMay } from "@/resources/session/useSession";
import { MappingRow } from "./MappingRow";
import { ENTITIES, fieldsOf, missingFields, setEntity, setField } from "./mappingModel";

/** Which column fills which field: guessed, with its reason, and changed where it is wrong. */
export function MappingTable({ one, fields: all }: { one: Import; fields: FieldInfo[] }) {
  const t = useT();
  const formats = useFormats();
  const data = useData();
  const client = useQueryClient();
  const mayWrite = useMay("write");
  const [mapping, setMapping] = useState(one.mapping);
  const missing = missingFields(mapping, all);
  const fields = fieldsOf(all, mapping.entity);
  const entities = ENTITIES.filter((entity) => all.some((field) => field.entity === entity));

  const run = useMutation({
    mutationFn: async () => {
      await data.setMapping(one.id, mapping);
      await data.runImport(one.id);
    },
    onSuccess: () => client.invalidateQueries({ queryKey: keys.record("imports", one.id) }),
  });
  const head = "border-b px-4 py-2 text-left text-xs font-medium text-ink-2";

  return (
    <Card>
      <div className="flex flex-wrap items-end gap-3 px-4 py-3">
        <Field label={t("imports.entity")} className="w-52">
          {(props) => (
            <Select
              {...props}
              value={mapping.entity}
              onChange={(event) => setMapping(setEntity(mapping, event.target.value as EntityKind, all))}
            >
              {entities.map((entity) => (
                <option key={entity} value={entity}>
                  {t(`imports.entities.${entity}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t("imports.dates")} className="w-40">
          {(props) => (
            <Select
              {...props}
              value={mapping.dates}
              onChange={(event) => setMapping({ ...mapping, dates: event.target.value as Mapping["dates"] })}
            >
              <option value="day_first">{t("imports.dayFirst")}</option>
              <option value="month_first">{t("imports.monthFirst")}</option>
            </Select>
          )}
        </Field>
        <Field label={t("imports.decimal")} className="w-40">
          {(props) => (
            <Select
              {...props}
              value={mapping.decimal}
              onChange={(event) =>
                setMapping({ ...mapping, decimal: event.target.value as Mapping["decimal"] })
              }
            >
              <option value="point">1,500.25</option>
              <option value="comma">1.500,25</option>
            </Select>
          )}
        </Field>
        <span className="flex-1" />
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
      {run.error && (
        <div role="alert" className="mx-4 mb-3 rounded-md bg-bad-soft px-3 py-2 text-bad">
          <p>{messageOf(run.error)}</p>
          {run.error instanceof ApiError &&
            run.error.violations
              .slice(1)
              .map((violation) => <p key={violation.pointer}>{problemText(violation)}</p>)}
        </div>
      )}
      <div className="scrollbar-thin overflow-x-auto" tabIndex={0}>
        <table className="w-full min-w-2xl">
          <caption className="sr-only">{t("imports.mapping")}</caption>
          <thead>
            <tr>
              <th scope="col" className={head}>
                {t("imports.column")}
              </th>
              <th scope="col" className={head}>
                {t("imports.samples")}
              </th>
              <th scope="col" className={head}>
                {t("imports.field")}
              </th>
              <th scope="col" className={head}>
                {t("imports.certainty")}
              </th>
            </tr>
          </thead>
          <tbody className="[&>tr:last-child>*]:border-b-0">
            {mapping.columns.map((column) => (
              <MappingRow
                key={column.column}
                column={column}
                preview={one.preview}
                fields={fields}
                onField={(field) => setMapping(setField(mapping, column.column, field))}
              />
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
