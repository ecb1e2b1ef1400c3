import { useRef, type KeyboardEvent } from "react";

export type Step = -1 | 0 | 1 | null;

interface CellEditorProps {
  type: "text" | "email" | "tel";
  text: string;
  label: string;
  /**
   * The text is null when given up. `step` says whether to go on with the field before or after; it is
   * null when the pointer took the focus elsewhere.
   */
  onDone: (text: string | null, step: Step) => void;
}

/** A text field in a cell: Enter and leaving save, Escape gives up, Tab goes on to the next field. */
export function CellEditor({ type, text, label, onDone }: CellEditorProps) {
  const isDone = useRef(false);

  function done(value: string | null, step: Step = 0) {
    if (isDone.current) return;
    isDone.current = true;
    onDone(value, step);
  }

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>) {
    // Enter also confirms a word while typing Chinese; that is not the end of the edit.
    if (event.nativeEvent.isComposing) return;
    const value = event.currentTarget.value;
    if (event.key === "Enter") done(value);
    else if (event.key === "Escape") done(null);
    else if (event.key === "Tab") done(value, event.shiftKey ? -1 : 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <input
      // Types without checks of their own: the server says what is wrong, in words.
      type={type === "tel" ? "tel" : "text"}
      inputMode={type === "email" ? "email" : undefined}
      aria-label={label}
      defaultValue={text}
      autoFocus
      onFocus={(event) => event.currentTarget.select()}
      onBlur={(event) => done(event.currentTarget.value, null)}
      onKeyDown={onKeyDown}
      className="-mx-2 h-7 w-full min-w-0 rounded border border-accent bg-raised px-2 text-sm outline-2 outline-accent/30"
    />
  );
}
