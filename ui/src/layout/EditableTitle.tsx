import { Pencil } from "lucide-react";
import { useRef, useState, type RefObject } from "react";

import { CellEditor } from "@/components/admin/CellEditor";
import { IconButton } from "@/components/ui/Button";
import { useT } from "@/i18n";

interface EditableTitleProps {
  title: string;
  /** What the title is: "Name". */
  label: string;
  onSave: (title: string) => void;
  /** Where the focus begins on a new page. */
  heading: RefObject<HTMLHeadingElement | null>;
}

/** A page's title with a pencil that turns it into a text field. */
export function EditableTitle({ title, label, onSave, heading }: EditableTitleProps) {
  const t = useT();
  const pencil = useRef<HTMLButtonElement>(null);
  // As things stood when the editing began: what comes in meanwhile is not overwritten unseen.
  const [begun, setBegun] = useState<Pick<EditableTitleProps, "title" | "onSave"> | null>(null);
  if (begun) {
    return (
      <span className="w-72 min-w-0 pl-2">
        <CellEditor
          type="text"
          text={begun.title}
          label={label}
          onDone={(next, step) => {
            setBegun(null);
            if (step !== null) requestAnimationFrame(() => pencil.current?.focus());
            const text = next?.trim();
            if (text && text !== begun.title) begun.onSave(text);
          }}
        />
      </span>
    );
  }
  return (
    <>
      <h1 ref={heading} tabIndex={-1} className="truncate text-base font-semibold outline-none">
        {title}
      </h1>
      <IconButton
        ref={pencil}
        label={t("edit.change", { field: label, value: title })}
        className="size-6 [&_svg]:size-3.5"
        onClick={() => setBegun({ title, onSave })}
      >
        <Pencil />
      </IconButton>
    </>
  );
}
