import { toast } from "sonner";

import type { Source } from "@/api/types";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { useT } from "@/i18n";

interface NewKeyDialogProps {
  source: Source;
  /** The key, which nobody can ask for again. */
  value: string;
  onClose: () => void;
}

/** Shows a key just made, and how to send a first event with it. */
export function NewKeyDialog({ source, value, onClose }: NewKeyDialogProps) {
  const t = useT();
  const copy = async () => {
    try {
      // Browsers offer the clipboard to secure pages only, and people can refuse it.
      await navigator.clipboard.writeText(value);
      toast.success(t("writeKeys.copied"));
    } catch {
      toast.error(t("writeKeys.notCopied"), { description: t("writeKeys.notCopiedHint") });
    }
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("writeKeys.made", { name: source.name })}
      description={t("writeKeys.onlyOnce")}
    >
      <div className="scrollbar-thin grid grid-cols-[minmax(0,1fr)] gap-4 overflow-y-auto p-5">
        <div className="flex items-center gap-2">
          <code className="min-w-0 flex-1 rounded-md border bg-sunken px-2.5 py-1.5 break-all select-all">
            {value}
          </code>
          <Button variant="primary" onClick={() => void copy()}>
            {t("writeKeys.copy")}
          </Button>
        </div>
        <div className="grid gap-1">
          <p className="text-xs text-ink-2">{t("writeKeys.trying")}</p>
          {/* Focusable, so that the keyboard can scroll it. */}
          <pre
            tabIndex={0}
            className="scrollbar-thin overflow-x-auto rounded-md border bg-sunken p-2.5 text-xs"
          >
            {firstEvent(window.location.origin, value)}
          </pre>
        </div>
      </div>
    </Dialog>
  );
}

const firstEvent = (origin: string, key: string) =>
  [
    `curl ${origin}/v1/track -u ${key}: \\`,
    `  -H 'content-type: application/json' \\`,
    `  -d '{"userId":"42","event":"Page Viewed"}'`,
  ].join("\n");
