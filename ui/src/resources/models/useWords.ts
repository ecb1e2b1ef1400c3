import { useCallback } from "react";
import { useTranslation } from "react-i18next";

import { bySegmentsOf } from "./metricNames";

type Group = "kind" | "method" | "metric" | "reason";

/** A word of learning in the reader's language; one that this version does not know is shown as it came. */
export function useWords(): (group: Group, word: string) => string {
  const { t, i18n } = useTranslation();
  return useCallback(
    (group, word) => {
      const plain = (group: Group, word: string) =>
        i18n.exists(`words.${group}.${word}`)
          ? t(`words.${group}.${word}` as "words.metric.auc")
          : word.replaceAll("_", " ");
      const parts = group === "metric" ? bySegmentsOf(word) : null;
      if (parts === null) return plain(group, word);
      const [figure, method] = [plain("metric", parts.figure), plain("method", parts.method)];
      return t("words.bySegments", { figure, method });
    },
    [t, i18n],
  );
}
