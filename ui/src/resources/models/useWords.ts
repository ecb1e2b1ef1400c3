import { useCallback } from "react";
import { useTranslation } from "react-i18next";

type Group = "kind" | "method" | "metric" | "reason";

/** A word of learning in the reader's language; one that this version does not know is shown as it came. */
export function useWords(): (group: Group, word: string) => string {
  const { t, i18n } = useTranslation();
  return useCallback(
    (group, word) =>
      i18n.exists(`words.${group}.${word}`)
        ? t(`words.${group}.${word}` as "words.metric.auc")
        : word.replaceAll("_", " "),
    [t, i18n],
  );
}
