import { useQuery } from "@tanstack/react-query";
import { useId, useState, type KeyboardEvent } from "react";

import { useData } from "@/api/context";
import type { Reference, SearchResult } from "@/api/types";
import { cn } from "@/components/ui/cn";
import { Input } from "@/components/ui/fields";
import { useT } from "@/i18n";
import { useSettled } from "@/layout/useSettled";

/** Typing settles for this long before the server is asked, in milliseconds. */
const SETTLE_MS = 150;

interface RecordPickerProps {
  kind: SearchResult["kind"];
  value: Reference | null;
  onChange: (value: Reference | null) => void;
  /** Called when the field is left, whether something was chosen or not. */
  onLeave?: () => void;
  id?: string;
  "aria-label"?: string;
  "aria-describedby"?: string;
  "aria-invalid"?: true;
  autoFocus?: boolean;
}

/** A field that finds a record by text, as the palette does, and keeps a reference to it. */
export function RecordPicker({ kind, value, onChange, onLeave, ...rest }: RecordPickerProps) {
  const t = useT();
  const listId = useId();
  // Null while nobody types: then the name of the chosen record stands in the field.
  const [text, setText] = useState<string | null>(null);
  const [active, setActive] = useState(0);
  const { results, isOutdated, isSearching } = useFound(kind, text ?? "");
  const isOpen = text !== null && text.trim() !== "";
  const current = results[active];

  function choose(result: SearchResult | undefined) {
    if (result === undefined) return;
    setText(null);
    onChange({ id: result.id, name: result.title });
  }

  function leave() {
    if (text?.trim() === "" && value !== null) onChange(null);
    setText(null);
    onLeave?.();
  }

  function onKeyDown(event: KeyboardEvent) {
    // Enter also confirms a word while typing Chinese.
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape" && text === null && onLeave) onLeave();
    else if (text === null) return;
    else if (event.key === "ArrowDown") setActive(Math.min(active + 1, results.length - 1));
    else if (event.key === "ArrowUp") setActive(Math.max(active - 1, 0));
    else if (event.key === "Enter" && isOpen) choose(isOutdated ? undefined : current);
    else if (event.key === "Escape") setText(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div className="relative">
      <Input
        {...rest}
        role="combobox"
        aria-expanded={isOpen}
        aria-controls={listId}
        aria-autocomplete="list"
        {...(isOpen && current ? { "aria-activedescendant": `${listId}-${active}` } : {})}
        autoComplete="off"
        placeholder={t("picker.placeholder")}
        value={text ?? value?.name ?? ""}
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => (setText(event.target.value), setActive(0))}
        onKeyDown={onKeyDown}
        onBlur={leave}
      />
      <ul
        id={listId}
        role="listbox"
        aria-label={t("picker.results")}
        hidden={!isOpen}
        aria-busy={isOutdated}
        className="scrollbar-thin absolute inset-x-0 top-full z-30 mt-1 max-h-56 overflow-y-auto rounded-lg border bg-raised p-1 shadow-float"
      >
        {results.map((result, i) => (
          <li
            key={result.id}
            id={`${listId}-${i}`}
            role="option"
            aria-selected={i === active}
            className={cn("cursor-pointer rounded-md px-2 py-1.5", i === active && "bg-hover")}
            onPointerEnter={() => setActive(i)}
            // Before the field loses the focus, which would close the list.
            onPointerDown={(event) => (event.preventDefault(), choose(result))}
          >
            <span className="block truncate">{result.title}</span>
            {result.subtitle && <span className="block truncate text-xs text-ink-2">{result.subtitle}</span>}
          </li>
        ))}
        {results.length === 0 && (
          <li role="option" aria-selected={false} aria-disabled className="px-2 py-1.5 text-ink-2">
            {t(isSearching ? "common.loading" : "picker.nothing")}
          </li>
        )}
      </ul>
    </div>
  );
}

function useFound(kind: SearchResult["kind"], text: string) {
  const data = useData();
  const wanted = text.trim();
  const settled = useSettled(wanted, SETTLE_MS);
  const {
    data: results = [],
    isFetching,
    isPlaceholderData,
  } = useQuery({
    queryKey: ["pick", kind, settled],
    queryFn: async ({ signal }) =>
      (await data.search(settled, signal)).filter((result) => result.kind === kind),
    enabled: settled !== "",
    placeholderData: (before) => before,
  });
  // While new results are on their way the old ones stand still, but do not answer to what was typed.
  const isOutdated = settled !== wanted || isPlaceholderData;
  return { results: settled === "" ? [] : results, isOutdated, isSearching: isOutdated || isFetching };
}
