import { useCallback } from "react";
import { useTranslation } from "react-i18next";

/** What a setting is called; one that this version does not know stays as its method spells it. */
export function useParamName(): (name: string) => string {
  const { t, i18n } = useTranslation();
  return useCallback(
    (name) => (i18n.exists(`words.param.${name}`) ? t(`words.param.${name}` as "words.param.k") : name),
    [t, i18n],
  );
}
