import { Pencil } from "lucide-react";
import { useRef, useState } from "react";

import { CellEditor } from "@/components/admin/CellEditor";
import { IconButton } from "@/components/ui/Button";
import { useT } from "@/i18n";

interface EditableTitleProps {
  title: string;
  /** What the title is: "Name". */
  label: string;
  onSave: (title: string) => void;
}

/** A page's title with a pencil that turns it into a text field. */
export function EditableTitle({ title, label, onSave }: EditableTitleProps) {
  const t = useT();
  const pencil = useRef<HTMLButtonElement>(null);
  const [isEditing, setEditing] = useState(false);
  if (isEditing) {
    return (
      <span className="w-72 min-w-0 pl-2">
        <CellEditor
          type="text"
          text={title}
          label={label}
          onDone={(next, step) => {
            setEditing(false);
            if (step !== null) requestAnimationFrame(() => pencil.current?.focus());
            const text = next?.trim();
            if (text && text !== title) onSave(text);
          }}
        />
      </span>
    );
  }
  return (
    <>
      <h1 className="truncate text-base font-semibold">{title}</h1>
      <IconButton
        ref={pencil}
        label={t("edit.change", { field: label, value: title })}
        className="size-6 [&_svg]:size-3.5"
        onClick={() => setEditing(true)}
      >
        <Pencil />
      </IconButton>
    </>
  );
}
