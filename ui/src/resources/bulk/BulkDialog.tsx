import { useState } from "react";

import type { BulkTarget, EditResource, Patches } from "@/api/dataProvider";
import type { Reference } from "@/api/types";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { useFormats, useT } from "@/i18n";
import { Refusal } from "@/resources/access/Refusal";
import { CustomInput } from "@/resources/custom/CustomInput";
import { draftOf, OBJECT_OF, type Draft } from "@/resources/custom/customModel";
import { useCustomFields } from "@/resources/custom/useCustomFields";
import { RequiredChoiceField } from "@/resources/pickers/fields";
import { customValuesOf, FIELDS, valuesOf } from "./bulkModel";
import { isIdle, Preview, usePreview } from "./Preview";
import { useBulkRun } from "./useBulkRun";
import { useFieldLabel } from "./useFieldLabel";
import { usePipelines, ValueInput } from "./ValueInput";

interface BulkDialogProps<R extends EditResource> {
  resource: R;
  target: BulkTarget;
  /** About how many records that are. */
  about: number;
  onStarted: () => void;
  onClose: () => void;
}

/** Sets one field of many records, after saying what that would do. */
export default function BulkDialog<R extends EditResource>({
  resource,
  target,
  about,
  onStarted,
  onClose,
}: BulkDialogProps<R>) {
  const t = useT();
  const formats = useFormats();
  const labelOf = useFieldLabel(resource);
  const own = FIELDS[resource];
  const custom = useCustomFields(OBJECT_OF[resource]);
  const [name, setName] = useState(own[0]!.field);
  const [value, setValue] = useState("");
  const [company, setCompany] = useState<Reference | null>(null);
  const [draft, setDraft] = useState<Draft>("");
  const [error, setError] = useState<Error | null>(null);
  const [isStarting, setStarting] = useState(false);
  const field = own.find((one) => one.field === name);
  const customField = custom.find(({ key }) => `custom.${key}` === name);
  const pipelines = usePipelines(field?.asked.kind === "stage");
  const given = field?.asked.kind === "company" ? (company?.id ?? "") : value;
  const values = customField
    ? customValuesOf(customField, draft)
    : field && valuesOf(field, given, pipelines);
  const change = values && { set: values as Patches[R] };
  const preview = usePreview(resource, target, change);
  const run = useBulkRun(resource);
  const counts = preview.counts;

  function choose(next: string) {
    const type = custom.find(({ key }) => `custom.${key}` === next)?.type;
    setName(next);
    setValue("");
    setCompany(null);
    setDraft(type ? draftOf(type, null) : "");
  }

  async function apply() {
    if (!change || !counts) return;
    setStarting(true);
    try {
      await run(target, change, counts.n_rows);
      onStarted();
    } catch (refusal) {
      setError(refusal as Error);
      setStarting(false);
    }
  }

  return (
    <Dialog open onOpenChange={onClose} title={t("bulk.title")}>
      <form
        className="scrollbar-thin grid gap-4 overflow-y-auto p-5"
        onSubmit={(event) => (event.preventDefault(), void apply())}
      >
        <RequiredChoiceField
          label={t("bulk.field")}
          value={name}
          onChange={choose}
          options={[
            ...own.map((one) => ({ value: one.field, label: labelOf(one.field) })),
            ...custom.map(({ key, label }) => ({ value: `custom.${key}`, label: formats.text(label) })),
          ]}
        />
        {customField ? (
          <CustomInput
            type={customField.type}
            label={t("bulk.value")}
            {...(customField.is_required ? {} : { hint: t("bulk.emptyHint") })}
            draft={draft}
            onChange={setDraft}
          />
        ) : (
          field && (
            <ValueInput
              field={field}
              value={value}
              onChange={setValue}
              company={company}
              onCompany={setCompany}
            />
          )
        )}
        <Preview preview={preview} isDeletion={false} />
        <Refusal error={error} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" variant="primary" disabled={isStarting || !counts || isIdle(counts)}>
            {t("bulk.apply", { text: formats.number(counts?.n_rows ?? about) })}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
