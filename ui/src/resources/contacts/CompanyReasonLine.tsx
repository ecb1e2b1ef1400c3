import type { Contact, CompanyReason } from "@/api/types";
import { Button } from "@/components/ui/Button";
import { useFormats, useT } from "@/i18n";

interface CompanyReasonLineProps {
  contact: Contact;
  reason: CompanyReason | null;
  /** Absent where the reader may not change the company. */
  onSave: ((company: string | null) => void) | undefined;
}

/** Why the contact has its company, where the program attached it, or which one it could have. */
export function CompanyReasonLine({ contact, reason, onSave }: CompanyReasonLineProps) {
  const t = useT();
  const formats = useFormats();
  if (reason === null) return null;
  const { company, domain, rule, attached_at } = reason;
  const isAttached = attached_at !== null && contact.company?.id === company.id;
  const isSuggested = attached_at === null && contact.company === null;
  if (!isAttached && !isSuggested) return null;
  const names = { company: company.name, domain };
  return (
    <p className="flex flex-wrap items-center gap-x-2 text-xs text-ink-2">
      {isAttached
        ? t(`contact.attachedBy.${rule}`, { ...names, ago: formats.ago(attached_at, Date.now()) })
        : t("contact.suggested", names)}
      {onSave && (
        <Button size="sm" variant="ghost" onClick={() => onSave(isAttached ? null : company.id)}>
          {t(isAttached ? "contact.takeCompanyBack" : "contact.attach")}
        </Button>
      )}
    </p>
  );
}
