import type { SegmentationMethod } from "@/api/types";
import { Field, Select } from "@/components/ui/fields";
import { useT } from "@/i18n";
import { useWords } from "@/resources/models/useWords";

const METHODS: SegmentationMethod[] = ["kmeans", "ward", "rfm"];
/** As few and as many as the server takes. */
const [MIN_K, MAX_K] = [2, 20];
const NUMBERS = Array.from({ length: MAX_K - MIN_K + 1 }, (_, i) => i + MIN_K);

interface ChoiceFieldsProps {
  /** Null leaves it to the data; so with the number. */
  method: SegmentationMethod | null;
  onMethod: (method: SegmentationMethod | null) => void;
  k: number | null;
  onK: (k: number | null) => void;
}

/** How segments are to be found, where a person knows better than the figures. */
export function ChoiceFields({ method, onMethod, k, onK }: ChoiceFieldsProps) {
  const t = useT();
  const words = useWords();
  return (
    <>
      <Field label={t("segments.methodLabel")} hint={t("segments.choiceHint")}>
        {(props) => (
          <Select
            {...props}
            value={method ?? ""}
            onChange={({ target: { value } }) => onMethod(METHODS.find((known) => known === value) ?? null)}
          >
            <option value="">{t("segments.byQuality")}</option>
            {METHODS.map((name) => (
              <option key={name} value={name}>
                {words("method", name)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label={t("segments.kLabel")} hint={t("segments.kHint")}>
        {(props) => (
          <Select
            {...props}
            value={k ?? ""}
            disabled={method === "rfm"}
            onChange={({ target: { value } }) => onK(value === "" ? null : Number(value))}
          >
            <option value="">{t("segments.byQuality")}</option>
            {NUMBERS.map((n) => (
              <option key={n} value={n}>
                {n}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </>
  );
}
