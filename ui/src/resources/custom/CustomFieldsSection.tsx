import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ArrowDown, ArrowUp, Plus } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";

import { useData } from "@/api/context";
import type { CustomField, CustomFieldPatch } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { messageOf } from "@/components/admin/useEdit";
import { Badge } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { Select } from "@/components/ui/fields";
import { ErrorState } from "@/components/ui/StateView";
import { useFormats, useT } from "@/i18n";
import { Section } from "@/resources/settings/Section";
import { CustomFieldDialog } from "./CustomFieldDialog";
import { OBJECT_OF, type CustomObject } from "./customModel";
import { moved } from "./definitionModel";
import { customFieldsQuery } from "./useCustomFields";

const OBJECTS: CustomObject[] = Object.values(OBJECT_OF);

/** Where administrators define fields, put them in order, and put them away. */
export default function CustomFieldsSection() {
  const t = useT();
  const data = useData();
  const [object, setObject] = useState<CustomObject>("contact");
  const [opened, setOpened] = useState<CustomField | "new" | null>(null);
  const fields = useQuery(customFieldsQuery(data));
  const own = fields.data?.filter((field) => field.object === object) ?? [];
  if (fields.error) return <ErrorState error={fields.error} onRetry={() => void fields.refetch()} />;
  return (
    <Section title={t("custom.settings")} hint={t("custom.settingsHint")}>
      <Select
        aria-label={t("custom.object")}
        className="max-w-48"
        value={object}
        onChange={(event) => setObject(event.target.value as CustomObject)}
      >
        {OBJECTS.map((one) => (
          <option key={one} value={one}>
            {t(`custom.of.${one}`)}
          </option>
        ))}
      </Select>
      {fields.isSuccess && own.length === 0 && <p className="text-ink-2">{t("custom.none")}</p>}
      <FieldLines fields={own} onEdit={setOpened} />
      <Button className="justify-self-start" onClick={() => setOpened("new")}>
        <Plus />
        {t("custom.new")}
      </Button>
      {opened && (
        <CustomFieldDialog
          object={object}
          {...(opened === "new" ? {} : { field: opened })}
          onClose={() => setOpened(null)}
        />
      )}
    </Section>
  );
}

interface FieldLinesProps {
  fields: CustomField[];
  onEdit: (field: CustomField) => void;
}

function FieldLines({ fields, onEdit }: FieldLinesProps) {
  const t = useT();
  const formats = useFormats();
  const data = useData();
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: keys.customFields });
  const onError = (error: Error) => toast.error(t("edit.failed"), { description: messageOf(error) });
  const change = useMutation({
    mutationFn: async (changes: [CustomField, CustomFieldPatch][]) => {
      for (const [field, patch] of changes) await data.updateCustomField(field.id, field.version, patch);
    },
    onSettled: refresh,
    onError,
  });
  const remove = useMutation({
    mutationFn: (field: CustomField) => data.deleteCustomField(field.id),
    onSettled: refresh,
    onError,
  });

  /** Numbers the fields anew: places of older fields may be alike. */
  function move(from: number, to: number) {
    const placed = moved(fields, from, to).map((field, at): [CustomField, CustomFieldPatch] => [
      field,
      { position: at + 1 },
    ]);
    change.mutate(placed.filter(([field, { position }]) => field.position !== position));
  }

  const isBusy = change.isPending || remove.isPending;
  return (
    <ul className="grid gap-1">
      {fields.map((field, at) => {
        const name = formats.text(field.label);
        const isArchived = field.archived_at !== null;
        return (
          <li key={field.id} className="flex flex-wrap items-center gap-2">
            <span className="min-w-0 flex-1">
              <span className="font-medium">{name}</span>{" "}
              <span className="text-xs text-ink-2">
                {[
                  t(`custom.kind.${field.type.kind}`),
                  `custom.${field.key}`,
                  ...(field.is_required ? [t("custom.required")] : []),
                  ...(field.is_unique ? [t("custom.unique")] : []),
                ].join(" · ")}
              </span>
            </span>
            {isArchived && <Badge>{t("custom.archived")}</Badge>}
            <Button
              variant="ghost"
              size="sm"
              aria-label={t("custom.up", { name })}
              disabled={at === 0 || isBusy}
              onClick={() => move(at, at - 1)}
            >
              <ArrowUp />
            </Button>
            <Button
              variant="ghost"
              size="sm"
              aria-label={t("custom.down", { name })}
              disabled={at === fields.length - 1 || isBusy}
              onClick={() => move(at, at + 1)}
            >
              <ArrowDown />
            </Button>
            <Button
              size="sm"
              aria-label={t("custom.editNamed", { name })}
              disabled={isBusy}
              onClick={() => onEdit(field)}
            >
              {t("custom.edit")}
            </Button>
            <Button
              size="sm"
              disabled={isBusy}
              onClick={() => change.mutate([[field, { is_archived: !isArchived }]])}
            >
              {t(isArchived ? "custom.restore" : "custom.archive")}
            </Button>
            {isArchived && (
              <Button
                size="sm"
                disabled={isBusy}
                onClick={() => {
                  if (window.confirm(t("custom.deleteSure", { name }))) remove.mutate(field);
                }}
              >
                {t("custom.delete")}
              </Button>
            )}
          </li>
        );
      })}
    </ul>
  );
}
