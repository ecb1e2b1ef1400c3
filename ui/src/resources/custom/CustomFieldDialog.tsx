import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";

import { useData } from "@/api/context";
import type { CustomField } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { refusalOf } from "@/components/admin/refusal";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { useFormats, useT } from "@/i18n";
import type { CustomObject } from "./customModel";
import { DefinitionFields, POINTERS, type Errors } from "./DefinitionFields";
import { BLANK, definitionOf, inputOf, isDefaultRight, patchOf, type Definition } from "./definitionModel";

interface CustomFieldDialogProps {
  object: CustomObject;
  /** The one to change; none for a new one. */
  field?: CustomField;
  /** What a new one says at first. */
  suggestion?: Definition;
  onSaved?: (field: CustomField) => void;
  onClose: () => void;
}

/** The dialog in which a custom field is defined, or its definition changed. */
export function CustomFieldDialog({
  object,
  field,
  suggestion = BLANK,
  onSaved,
  onClose,
}: CustomFieldDialogProps) {
  const t = useT();
  const formats = useFormats();
  const data = useData();
  const client = useQueryClient();
  const [definition, setDefinition] = useState(() => (field ? definitionOf(field) : suggestion));
  const save = useMutation({
    mutationFn: () =>
      field
        ? data.updateCustomField(field.id, field.version, patchOf(field, definition))
        : data.createCustomField(inputOf(object, definition)),
    onSuccess: async (saved) => {
      await Promise.all(
        [keys.customFields, keys.importFields].map((queryKey) => client.invalidateQueries({ queryKey })),
      );
      toast.success(t(field ? "custom.saved" : "custom.added", { name: formats.text(saved.label) }));
      onSaved?.(saved);
      onClose();
    },
    // A colleague's change is shown as soon as the dialog is opened again.
    onError: () => void client.invalidateQueries({ queryKey: keys.customFields }),
  });
  const refusal = refusalOf(save.error);
  const errors = Object.fromEntries(
    Object.entries(POINTERS).map(([name, pointer]) => [name, refusal.of(pointer)]),
  ) as Errors;
  const rest = refusal.rest();
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={field ? t("custom.editNamed", { name: formats.text(field.label) }) : t("custom.new")}
      description={
        field ? `custom.${field.key} · ${t(`custom.kind.${field.type.kind}`)}` : t(`custom.of.${object}`)
      }
      className="max-w-2xl"
    >
      <form
        onSubmit={(event) => (event.preventDefault(), save.mutate())}
        className="scrollbar-thin grid gap-4 overflow-y-auto p-5"
      >
        <DefinitionFields
          object={object}
          isNew={field === undefined}
          definition={definition}
          errors={errors}
          onChange={setDefinition}
        />
        {rest && (
          <p role="alert" className="text-bad">
            {rest}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" variant="primary" disabled={save.isPending || !isDefaultRight(definition)}>
            {t(field ? "common.save" : "custom.add")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
