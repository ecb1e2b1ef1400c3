import type { SurvivorshipRule, SurvivorshipSettings } from "@/api/types";
import { Select } from "@/components/ui/fields";
import { Cell, HeadCell, RowHead, Table } from "@/components/ui/Table";
import { useFormats, useT } from "@/i18n";
import { useCustomFields } from "@/resources/custom/useCustomFields";
import { useFieldTexts } from "@/resources/duplicates/useFieldTexts";
import { CUSTOM, FIELDS, followed, RULES, rulesFor } from "./rulesModel";

interface RuleTableProps {
  rules: SurvivorshipSettings;
  onUsual: (rule: SurvivorshipRule) => void;
  /** With null the field has no rule of its own any more. */
  onField: (field: string, rule: SurvivorshipRule | null) => void;
}

/** A rule for every field, and those of single ones. */
export function RuleTable({ rules, onUsual, onField }: RuleTableProps) {
  const t = useT();
  const formats = useFormats();
  const { nameOf } = useFieldTexts();
  const custom = useCustomFields("contact");
  const named = (field: string) =>
    field === "address" ? t("merging.address") : field === CUSTOM ? t("merging.allCustom") : nameOf(field);
  const rows = [
    ...FIELDS.map((field) => ({ field, name: named(field) })),
    ...(custom.length > 0 ? [{ field: CUSTOM, name: named(CUSTOM) }] : []),
    ...custom.map(({ key, label }) => ({ field: `${CUSTOM}.${key}`, name: formats.text(label) })),
  ];
  const options = (of: SurvivorshipRule[]) =>
    of.map((rule) => (
      <option key={rule} value={rule}>
        {t(`merging.name.${rule}`)}
      </option>
    ));
  return (
    <div className="grid gap-2">
      <Table
        caption={t("merging.title")}
        className="rounded-lg border"
        head={
          <>
            <HeadCell>{t("merging.field")}</HeadCell>
            <HeadCell>{t("merging.rule")}</HeadCell>
          </>
        }
      >
        <tr>
          <RowHead>
            {t("merging.every")}
            <span className="block text-xs font-normal text-ink-3">{t("merging.everyHint")}</span>
          </RowHead>
          <Cell>
            <Select
              aria-label={t("merging.ruleOf", { field: t("merging.every") })}
              value={rules.usual}
              onChange={(event) => onUsual(event.target.value as SurvivorshipRule)}
            >
              {options(RULES)}
            </Select>
          </Cell>
        </tr>
        {rows.map(({ field, name }) => {
          const other = followed(field, rules);
          const rule = t(`merging.name.${other.rule}`);
          return (
            <tr key={field}>
              <RowHead>{name}</RowHead>
              <Cell>
                <Select
                  aria-label={t("merging.ruleOf", { field: name })}
                  value={rules.fields[field] ?? ""}
                  onChange={(event) => onField(field, (event.target.value as SurvivorshipRule) || null)}
                >
                  <option value="">
                    {t(other.of === "custom" ? "merging.asCustom" : "merging.asUsual", { rule })}
                  </option>
                  {options(rulesFor(field))}
                </Select>
              </Cell>
            </tr>
          );
        })}
      </Table>
      <p className="text-xs text-ink-3">{t("merging.gaps")}</p>
    </div>
  );
}
