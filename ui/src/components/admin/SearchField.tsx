import { Search, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";

import { Input } from "@/components/ui/fields";
import { useT } from "@/i18n";
import { useHotkeys } from "@/layout/hotkeys";

/** Typing settles for this long before the server is asked, in milliseconds. */
const SETTLE_MS = 200;

export function SearchField({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string;
  onChange: (text: string) => void;
}) {
  const t = useT();
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(value);
  const latest = useRef(onChange);
  latest.current = onChange;
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) return undefined;
    const timer = setTimeout(() => latest.current(text), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [text, value]);
  useHotkeys({ "/": () => field.current?.focus() });

  return (
    <div className="relative w-60 shrink-0 phone:w-full">
      <Search
        className="pointer-events-none absolute top-1.5 left-2.5 size-4 phone:top-2 text-ink-3"
        aria-hidden
      />
      <Input
        ref={field}
        type="search"
        aria-label={label}
        placeholder={label}
        className="px-8"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          // Escape also gives up a word while typing Chinese.
          if (event.key !== "Escape" || event.nativeEvent.isComposing) return;
          if (text === "") event.currentTarget.blur();
          else setText("");
        }}
      />
      {text !== "" && (
        <button
          type="button"
          aria-label={t("list.clearSearch")}
          className="absolute top-0.5 right-0.5 grid size-6 phone:top-1 place-items-center rounded text-ink-3 hover:text-ink"
          onClick={() => setText("")}
        >
          <X className="size-3.5" />
        </button>
      )}
    </div>
  );
}
