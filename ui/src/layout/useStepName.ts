import { useTranslation } from "react-i18next";

/** A job's step in words; one that this version does not know is shown as it came. */
export function useStepName(): (step: string) => string {
  const { t, i18n } = useTranslation();
  return (step) =>
    i18n.exists(`jobs.step.${step}`)
      ? t(`jobs.step.${step}` as "jobs.step.import_file")
      : step.replaceAll("_", " ");
}
