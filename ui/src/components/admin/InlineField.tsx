import { useRef, useState, type ReactNode } from "react";
import { toast } from "sonner";

import { useT } from "@/i18n";
import { useMay } from "@/resources/session/useSession";
import { CellEditor } from "./CellEditor";
import type { Refusal } from "./columns";

interface InlineFieldProps {
  label: string;
  text: string;
  type?: "text" | "email" | "tel";
  isRequired?: boolean;
  refusal?: Refusal;
  onSave: (text: string) => void;
  /** How the value looks while nobody edits it. */
  children?: ReactNode;
}

/** A value on a record page that becomes a text field when it is clicked. */
export function InlineField({
  label,
  text,
  type = "text",
  isRequired,
  refusal,
  onSave,
  children,
}: InlineFieldProps) {
  const t = useT();
  const mayWrite = useMay("write");
  const button = useRef<HTMLButtonElement>(null);
  // As things stood when the editing began: what comes in meanwhile is not overwritten unseen.
  const [begun, setBegun] = useState<Pick<InlineFieldProps, "text" | "onSave"> | null>(null);
  if (begun) {
    return (
      <span className="block pl-2">
        <CellEditor
          type={type}
          text={begun.text}
          label={label}
          onDone={(next, step) => {
            setBegun(null);
            if (step !== null) requestAnimationFrame(() => button.current?.focus());
            const isRefused =
              next === null || next.trim() === begun.text || (isRequired && next.trim() === "");
            if (isRefused) return;
            const wrong = refusal?.(next);
            if (wrong) toast.error(t("edit.failed"), { description: wrong });
            else begun.onSave(next);
          }}
        />
      </span>
    );
  }
  const shown = text && (
    <span className="block truncate" title={text}>
      {text}
    </span>
  );
  if (!mayWrite) return children || shown || <span className="text-ink-3">—</span>;
  return (
    <button
      ref={button}
      type="button"
      aria-label={t("edit.change", { field: label, value: text || t("edit.empty") })}
      className="-mx-1.5 block min-h-6 w-[calc(100%+0.75rem)] rounded px-1.5 py-0.5 text-left hover:bg-hover"
      onClick={() => setBegun({ text, onSave })}
    >
      {children || shown || <span className="text-ink-3">{t("edit.add")}</span>}
    </button>
  );
}
