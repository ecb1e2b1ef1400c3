import { useT } from "@/i18n";

/** Why something was refused, in the reader's language; rows of files and events have their own reasons. */
export function useReasonText(): (reason: string) => string {
  const t = useT();
  return (reason) => {
    const keys = [`sources.reason.${reason}`, `importing.rejectReason.${reason}`];
    return t(keys as never, { defaultValue: reason });
  };
}
