import { useTranslation } from "react-i18next";

/** What people call a field of the audit; one of their own, or of a setting, by its key. */
export function useFieldName() {
  const { t, i18n } = useTranslation();
  return (field: string): string => {
    const key = `audit.field.${field}`;
    if (i18n.exists(key)) return t(key as "audit.field.name");
    return field.replace(/^custom\./, "").replaceAll("_", " ");
  };
}
