import { useTranslation } from "react-i18next";

/** What people call a column; one of their own, or of a setting, by its key. */
export function useFieldName() {
  const { t, i18n } = useTranslation();
  return (field: string): string => {
    const key = `fields.name.${field}`;
    if (i18n.exists(key)) return t(key as "fields.name.name");
    return field.replace(/^custom\./, "").replaceAll("_", " ");
  };
}
