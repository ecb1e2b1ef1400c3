import { useId, type ComponentProps, type ReactNode } from "react";

import { cn } from "./cn";

const CONTROL =
  "h-7 w-full min-w-0 rounded-md border border-line-strong bg-raised px-2.5 text-sm text-ink outline-offset-0 disabled:opacity-60 aria-invalid:border-bad phone:h-8";

export function Input({ className, ...rest }: ComponentProps<"input">) {
  return <input className={cn(CONTROL, className)} {...rest} />;
}

export function Textarea({ className, ...rest }: ComponentProps<"textarea">) {
  return <textarea className={cn(CONTROL, "h-auto min-h-16 resize-y py-1.5", className)} {...rest} />;
}

/** The browser's own select: best on phones, with the keyboard and for screen readers. */
export function Select({ className, ...rest }: ComponentProps<"select">) {
  return <select className={cn(CONTROL, "cursor-pointer pr-1.5 pl-2", className)} {...rest} />;
}

interface FieldProps {
  label: string;
  hint?: string;
  error?: string | undefined;
  className?: string;
  children: (props: { id: string; "aria-describedby"?: string; "aria-invalid"?: true }) => ReactNode;
}

/** A labelled control with its hint or error below. */
export function Field({ label, hint, error, className, children }: FieldProps) {
  const id = useId();
  return (
    <div className={cn("grid gap-1", className)}>
      <label htmlFor={id} className="text-xs font-medium text-ink-2">
        {label}
      </label>
      {children({
        id,
        ...((error ?? hint) ? { "aria-describedby": `${id}-note` } : {}),
        ...(error ? { "aria-invalid": true as const } : {}),
      })}
      <Note id={`${id}-note`} hint={hint} error={error} />
    </div>
  );
}

interface NoteProps {
  id: string;
  hint?: string | undefined;
  error?: string | undefined;
}

/** What stands below a control: what is wrong, else a hint. */
export function Note({ id, hint, error }: NoteProps) {
  const note = error ?? hint;
  if (!note) return null;
  return (
    <p id={id} className={cn("text-xs", error ? "text-bad" : "text-ink-3")}>
      {note}
    </p>
  );
}
