import { useQuery } from "@tanstack/react-query";

import { useData } from "@/api/context";
import type { Pipeline, Reference } from "@/api/types";
import { RecordPicker } from "@/components/admin/RecordPicker";
import { Field } from "@/components/ui/fields";
import { useT } from "@/i18n";
import { pipelinesQuery } from "@/resources/deals/useBoard";
import { ChoiceField, TextField } from "@/resources/pickers/fields";
import { useOwnerOptions } from "@/resources/pickers/options";
import type { BulkField } from "./bulkModel";

interface ValueInputProps {
  field: BulkField;
  value: string;
  onChange: (value: string) => void;
  company: Reference | null;
  onCompany: (company: Reference | null) => void;
}

/** The pipelines, where a stage is asked for. */
export function usePipelines(isAsked: boolean): Pipeline[] {
  const data = useData();
  return useQuery({ ...pipelinesQuery(data), enabled: isAsked }).data ?? [];
}

/** A labelled control for the new value of a field of ours. */
export function ValueInput({ field, value, onChange, company, onCompany }: ValueInputProps) {
  const t = useT();
  const owners = useOwnerOptions();
  const pipelines = usePipelines(field.asked.kind === "stage");
  const label = t("bulk.value");
  const shared = { label, value, onChange };
  switch (field.asked.kind) {
    case "owner":
      return <ChoiceField {...shared} options={owners} />;
    case "company":
      return (
        <Field label={label} hint={t("bulk.emptyHint")}>
          {(props) => <RecordPicker {...props} kind="company" value={company} onChange={onCompany} />}
        </Field>
      );
    case "stage":
      return (
        <ChoiceField
          {...shared}
          options={pipelines.flatMap((pipeline) =>
            pipeline.stages.map((stage) => ({
              value: stage.id,
              label: t("bulk.stage", { pipeline: pipeline.name, stage: stage.name }),
            })),
          )}
        />
      );
    case "choice":
      return <Choice {...shared} field={field.field} options={field.asked.options} />;
    case "date":
      return <TextField {...shared} type="date" />;
    default:
      return <TextField {...shared} />;
  }
}

function Choice({
  field,
  options,
  ...shared
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  field: string;
  options: readonly string[];
}) {
  const t = useT();
  const labelOf = (option: string) =>
    field === "priority"
      ? t(`priority.${option as "high"}`)
      : option === "done"
        ? t("tasks.isDone")
        : t(`ticket.is.${option as "open"}`);
  return <ChoiceField {...shared} options={options.map((value) => ({ value, label: labelOf(value) }))} />;
}
