import { toast } from "sonner";

import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { Input } from "@/components/ui/fields";
import { useT } from "@/i18n";

interface SecretDialogProps {
  title: string;
  /** The secret, which nobody can ask for again. */
  secret: string;
  note?: string;
  onClose: () => void;
}

/** Shows a secret this once. */
export function SecretDialog({ title, secret, note, onClose }: SecretDialogProps) {
  const t = useT();
  const copy = () =>
    navigator.clipboard.writeText(secret).then(
      () => toast.success(t("webhooks.copied")),
      () => toast.error(t("webhooks.notCopied")),
    );
  return (
    <Dialog open onOpenChange={onClose} title={title} description={t("webhooks.onlyOnce")}>
      <div className="grid gap-3 p-5">
        <div className="flex items-center gap-2">
          <Input
            aria-label={t("webhooks.secret")}
            readOnly
            value={secret}
            className="min-w-0 flex-1 font-mono"
            onFocus={(event) => event.target.select()}
          />
          <Button variant="primary" onClick={() => void copy()}>
            {t("webhooks.copy")}
          </Button>
        </div>
        {note && <p className="text-ink-2">{note}</p>}
      </div>
    </Dialog>
  );
}
