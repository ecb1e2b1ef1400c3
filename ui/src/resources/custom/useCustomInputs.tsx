import { useState, type ReactNode } from "react";

import type { CustomField, CustomValue } from "@/api/types";
import { Button } from "@/components/ui/Button";
import { useFormats, useT } from "@/i18n";
import { useFieldState } from "@/resources/session/useFieldState";
import { CustomInput } from "./CustomInput";
import { draftOf, isAsked, meant, type CustomObject, type Draft } from "./customModel";
import { useCustomFields } from "./useCustomFields";

interface CustomInputs {
  /** What is sent with a new record: what was touched. The server fills the rest by its defaults. */
  values: () => { custom?: Record<string, CustomValue | null> };
  /** Something typed means nothing; the field says so itself. */
  isWrong: boolean;
  /** The controls, where the object has custom fields; `errorOf` says what is wrong with `custom/<key>`. */
  inputs: (errorOf: (field: string) => string | undefined) => ReactNode;
}

/** The company's own fields in the form of a new record: what must be given at once, the others on demand. */
export function useCustomInputs(object: CustomObject): CustomInputs {
  const t = useT();
  const formats = useFormats();
  const stateOf = useFieldState(object);
  const fields = useCustomFields(object).filter(({ key }) => stateOf(`custom.${key}`) === "edit");
  const [drafts, setDrafts] = useState<Record<string, Draft>>({});
  const [isOpen, setOpen] = useState(false);
  const others = fields.filter((field) => !isAsked(field));
  const isBad = (field: CustomField) => {
    const draft = drafts[field.key];
    return draft !== undefined && meant(field.type, draft) === undefined;
  };
  return {
    values: () => {
      const touched = fields.filter(({ key }) => key in drafts);
      const custom = touched.map(({ key, type }) => [key, meant(type, drafts[key] ?? "") ?? null]);
      return touched.length === 0 ? {} : { custom: Object.fromEntries(custom) };
    },
    isWrong: fields.some(isBad),
    inputs: (errorOf) => {
      if (fields.length === 0) return null;
      const input = (field: CustomField) => (
        <CustomInput
          key={field.id}
          type={field.type}
          label={formats.text(field.label)}
          hint={field.help ? formats.text(field.help) : undefined}
          error={
            isBad(field)
              ? t("custom.refused", { kind: t(`custom.kind.${field.type.kind}`) })
              : errorOf(`custom/${field.key}`)
          }
          isRequired={field.is_required}
          draft={drafts[field.key] ?? draftOf(field.type, field.default)}
          onChange={(draft) => setDrafts({ ...drafts, [field.key]: draft })}
        />
      );
      return (
        <>
          {others.length < fields.length && <Grid>{fields.filter(isAsked).map(input)}</Grid>}
          {isOpen ? (
            <Grid begin={focusFirst}>{others.map(input)}</Grid>
          ) : (
            others.length > 0 && (
              <Button variant="ghost" className="justify-self-start" onClick={() => setOpen(true)}>
                {t("custom.others", { count: others.length })}
              </Button>
            )
          )}
        </>
      );
    },
  };
}

function Grid({ begin, children }: { begin?: (grid: HTMLElement | null) => void; children: ReactNode }) {
  return (
    <div ref={begin} className="grid items-start gap-4 sm:grid-cols-2">
      {children}
    </div>
  );
}

/** The keyboard goes on from the first of the fields that the button made way for. */
const focusFirst = (grid: HTMLElement | null) =>
  grid?.querySelector<HTMLElement>("input, select, textarea, button")?.focus();
