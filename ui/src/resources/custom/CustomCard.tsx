import type { ListRecords } from "@/api/dataProvider";
import type { CustomField, CustomValue } from "@/api/types";
import { InlineChoice } from "@/components/admin/InlineChoice";
import { InlineField } from "@/components/admin/InlineField";
import { useEdit } from "@/components/admin/useEdit";
import { Card, CardTitle, Fact, Facts } from "@/components/ui/bits";
import { useFormats, useT } from "@/i18n";
import { Ruled } from "@/resources/session/Ruled";
import { editable, OBJECT_OF, optionsOf, readable, typed, type CustomResource } from "./customModel";
import { useCustomFields } from "./useCustomFields";

type Record<R extends CustomResource> = ListRecords[R];

/** A record's values of the company's own fields, each changed in place; nothing where there are none. */
export default function CustomCard<R extends CustomResource>({
  resource,
  record,
}: {
  resource: R;
  record: Record<R>;
}) {
  const t = useT();
  const formats = useFormats();
  const edit = useEdit(resource);
  const fields = useCustomFields(OBJECT_OF[resource]);
  if (fields.length === 0) return null;
  return (
    <Card>
      <CardTitle>{t("custom.title")}</CardTitle>
      <div className="px-4 pb-4">
        <Facts>
          {fields.map((field) => {
            const label = formats.text(field.label);
            return (
              <Ruled key={field.id} kind={OBJECT_OF[resource]} field={`custom.${field.key}`}>
                <Fact label={label}>
                  <CustomValueField
                    field={field}
                    label={label}
                    value={record.custom[field.key]}
                    onSave={(value) => void edit(record, { custom: { [field.key]: value } }, label)}
                  />
                </Fact>
              </Ruled>
            );
          })}
        </Facts>
      </div>
    </Card>
  );
}

interface CustomValueFieldProps {
  field: CustomField;
  label: string;
  value: CustomValue | undefined;
  onSave: (value: CustomValue | null) => void;
}

function CustomValueField({ field: { type, is_required }, label, value, onSave }: CustomValueFieldProps) {
  const t = useT();
  const formats = useFormats();
  const words = { yes: t("custom.yes"), no: t("custom.no") };
  if (type.kind === "choice" || type.kind === "boolean") {
    const options =
      type.kind === "choice"
        ? optionsOf(type)
        : [
            { value: "true", label: words.yes },
            { value: "false", label: words.no },
          ];
    return (
      <InlineChoice
        label={label}
        value={value === undefined ? null : String(value)}
        options={options}
        isRequired={is_required}
        onSave={(next) => onSave(typed(type, next ?? "") ?? null)}
      />
    );
  }
  const shown = readable(type, value, formats, words);
  return (
    <InlineField
      label={label}
      text={editable(value)}
      isRequired={is_required}
      refusal={(text) =>
        typed(type, text) === undefined
          ? t("custom.refused", { kind: t(`custom.kind.${type.kind}`) })
          : undefined
      }
      onSave={(text) => onSave(typed(type, text) ?? null)}
    >
      {shown && (
        <span className="block truncate" title={shown}>
          {shown}
        </span>
      )}
    </InlineField>
  );
}
