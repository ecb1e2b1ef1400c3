import { useRef, useState } from "react";

import type { Reference, SearchResult } from "@/api/types";
import { useT } from "@/i18n";
import { useMay } from "@/resources/session/useSession";
import { RecordPicker } from "./RecordPicker";

interface InlinePickerProps {
  kind: SearchResult["kind"];
  label: string;
  value: Reference | null;
  onSave: (value: Reference | null) => void;
}

/** A reference on a record page that becomes a search field when it is clicked. */
export function InlinePicker({ kind, label, value, onSave }: InlinePickerProps) {
  const t = useT();
  const mayWrite = useMay("write");
  const button = useRef<HTMLButtonElement>(null);
  const [isEditing, setEditing] = useState(false);

  function close() {
    setEditing(false);
    // The keyboard goes on from here, unless it has gone elsewhere already.
    requestAnimationFrame(() => document.activeElement === document.body && button.current?.focus());
  }

  if (isEditing) {
    return (
      <RecordPicker
        kind={kind}
        aria-label={label}
        value={value}
        autoFocus
        onChange={(next) => (close(), onSave(next))}
        onLeave={close}
      />
    );
  }
  if (!mayWrite)
    return value ? <span title={value.name}>{value.name}</span> : <span className="text-ink-3">—</span>;
  return (
    <button
      ref={button}
      type="button"
      aria-label={t("edit.change", { field: label, value: value?.name ?? t("edit.empty") })}
      className="-mx-1.5 block min-h-6 w-[calc(100%+0.75rem)] truncate rounded px-1.5 py-0.5 text-left hover:bg-hover"
      onClick={() => setEditing(true)}
    >
      {value ? (
        <span title={value.name}>{value.name}</span>
      ) : (
        <span className="text-ink-3">{t("edit.add")}</span>
      )}
    </button>
  );
}
