import { useT } from "@/i18n";
import { isFailureCode } from "./mailboxModel";

/** What is wrong with a mailbox, in words. */
export function useFailureText() {
  const t = useT();
  return ({ code, reason }: { code: string; reason: string }) =>
    t(`mailboxes.failure.${isFailureCode(code) ? code : "internal"}`, { reason });
}
