import type { Mapping } from "@/api/types";
import { Field, Select } from "@/components/ui/fields";
import { useT } from "@/i18n";
import { timeWithoutZone, zonesOf } from "./mappingModel";

interface ZoneFieldProps {
  mapping: Mapping;
  /** The first rows of the file. */
  rows: string[][];
  onChange: (mapping: Mapping) => void;
}

/** Where the clocks stand that a file's times were read off, with the first of them as it will be read. */
export function ZoneField({ mapping, rows, onChange }: ZoneFieldProps) {
  const t = useT();
  const time = timeWithoutZone(mapping, rows);
  // A file that tells its zones needs none, and one that was chosen can be taken back.
  if (time === null && !mapping.time_zone) return null;
  const zone = mapping.time_zone ?? "UTC";
  return (
    <Field
      label={t("importing.zone")}
      hint={time === null ? "" : t("importing.zoneHint", { time, zone })}
      className="w-72"
    >
      {(props) => (
        <Select
          {...props}
          value={zone}
          onChange={({ target: { value } }) =>
            onChange({ ...mapping, time_zone: value === "UTC" ? null : value })
          }
        >
          {zonesOf(mapping.time_zone).map((name) => (
            <option key={name} value={name}>
              {name === "UTC" ? t("importing.zoneUtc") : name.replaceAll("_", " ")}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
