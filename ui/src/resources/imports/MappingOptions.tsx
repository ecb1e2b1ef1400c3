import type { EntityKind, FieldInfo, Mapping } from "@/api/types";
import { Field, Input, Select } from "@/components/ui/fields";
import { useFormats, useT } from "@/i18n";
import { ZoneField } from "./ZoneField";
import {
  ENTITIES,
  fixedFields,
  hasReplacing,
  modesOf,
  readAddresses,
  setConstant,
  setEntity,
  setExisting,
} from "./mappingModel";

interface MappingOptionsProps {
  /** All fields of all kinds of rows. */
  fields: FieldInfo[];
  mapping: Mapping;
  /** The first rows of the file. */
  rows: string[][];
  onChange: (mapping: Mapping) => void;
}

/** What holds for the whole file: what its rows are and may do, how it writes dates and numbers, fixed values. */
export function MappingOptions({ fields, mapping, rows, onChange }: MappingOptionsProps) {
  const t = useT();
  const formats = useFormats();
  const modes = modesOf(mapping.entity);
  const entities = ENTITIES.filter((entity) => fields.some((field) => field.entity === entity));
  return (
    <>
      <Field label={t("imports.entity")} className="w-44">
        {(props) => (
          <Select
            {...props}
            value={mapping.entity}
            onChange={(event) => onChange(setEntity(mapping, event.target.value as EntityKind, fields))}
          >
            {entities.map((entity) => (
              <option key={entity} value={entity}>
                {t(`imports.entities.${entity}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {modes.length > 1 && (
        <Field label={t("importing.mode")} className="w-52">
          {(props) => (
            <Select
              {...props}
              value={mapping.mode}
              onChange={(event) => onChange({ ...mapping, mode: event.target.value as Mapping["mode"] })}
            >
              {modes.map((mode) => (
                <option key={mode} value={mode}>
                  {t(
                    mapping.entity === "events" ? `importing.eventModes.${mode}` : `importing.modes.${mode}`,
                  )}
                </option>
              ))}
            </Select>
          )}
        </Field>
      )}
      {hasReplacing(mapping.entity) && (
        <Field label={t("importing.existing")} className="w-48">
          {(props) => (
            <Select
              {...props}
              value={mapping.existing}
              onChange={(event) => onChange(setExisting(mapping, event.target.value as Mapping["existing"]))}
            >
              <option value="fill">{t("importing.existingIs.fill")}</option>
              <option value="replace">{t("importing.existingIs.replace")}</option>
            </Select>
          )}
        </Field>
      )}
      <Field label={t("imports.dates")} className="w-40">
        {(props) => (
          <Select
            {...props}
            value={mapping.dates}
            onChange={(event) => onChange({ ...mapping, dates: event.target.value as Mapping["dates"] })}
          >
            <option value="day_first">{t("imports.dayFirst")}</option>
            <option value="month_first">{t("imports.monthFirst")}</option>
          </Select>
        )}
      </Field>
      <Field label={t("imports.decimal")} className="w-28">
        {(props) => (
          <Select
            {...props}
            value={mapping.decimal}
            onChange={(event) => onChange({ ...mapping, decimal: event.target.value as Mapping["decimal"] })}
          >
            <option value="point">1,500.25</option>
            <option value="comma">1.500,25</option>
          </Select>
        )}
      </Field>
      {fixedFields(mapping, fields).map(({ name, label }) => (
        <Field key={name} label={t("imports.fixed", { field: formats.text(label) })} className="w-36">
          {(props) => (
            <Input
              {...props}
              value={mapping.constants[name] ?? ""}
              {...(name === "currency" ? { maxLength: 3, placeholder: "USD" } : {})}
              onChange={({ target: { value } }) =>
                onChange(setConstant(mapping, name, name === "currency" ? value.toUpperCase() : value))
              }
            />
          )}
        </Field>
      ))}
      {mapping.entity === "events" && <ZoneField mapping={mapping} rows={rows} onChange={onChange} />}
      {["mbox", "calendar", "conversation"].includes(mapping.preset ?? "") && (
        <Field label={t("importing.ownAddresses")} hint={t("importing.ownAddressesHint")} className="w-72">
          {(props) => (
            <Input
              {...props}
              placeholder="name@example.com, example.org"
              defaultValue={mapping.own_addresses.join(", ")}
              onBlur={(event) => onChange({ ...mapping, own_addresses: readAddresses(event.target.value) })}
            />
          )}
        </Field>
      )}
      {mapping.entity === "order_lines" && (
        <Field label={t("imports.cancelledPrefix")} className="w-44">
          {(props) => (
            <Input
              {...props}
              maxLength={8}
              placeholder={t("imports.noPrefix")}
              value={mapping.cancelled_order_prefix ?? ""}
              onChange={(event) =>
                onChange({ ...mapping, cancelled_order_prefix: event.target.value.trim() || null })
              }
            />
          )}
        </Field>
      )}
    </>
  );
}
