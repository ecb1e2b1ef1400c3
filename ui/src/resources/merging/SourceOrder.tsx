import { useQuery } from "@tanstack/react-query";
import { ArrowDown, ArrowUp, Plus, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";

import { useData } from "@/api/context";
import { keys } from "@/components/admin/caches";
import { Button } from "@/components/ui/Button";
import { useT } from "@/i18n";
import { moved } from "./rulesModel";

interface SourceOrderProps {
  ids: string[];
  onChange: (ids: string[]) => void;
}

/** Sources in the order in which they are trusted. */
export function SourceOrder({ ids, onChange }: SourceOrderProps) {
  const t = useT();
  const data = useData();
  const sources = useQuery({ queryKey: keys.sources, queryFn: () => data.sources() }).data ?? [];
  const [said, setSaid] = useState("");
  const list = useRef<HTMLOListElement>(null);
  // A button that moves with its row loses the focus; it is given back.
  const pressed = useRef<string | null>(null);
  useEffect(() => {
    if (pressed.current !== null)
      list.current?.querySelector<HTMLElement>(`[data-key="${pressed.current}"]`)?.focus();
    pressed.current = null;
  }, [ids]);
  const nameOf = (id: string) => sources.find((source) => source.id === id)?.name ?? id;
  const rest = sources.filter(({ id }) => !ids.includes(id));
  if (sources.length === 0) return null;

  function move(id: string, by: -1 | 1) {
    const next = moved(ids, id, by);
    pressed.current = `${id}${by}`;
    setSaid(t("merging.moved", { name: nameOf(id), n: next.indexOf(id) + 1, total: next.length }));
    onChange(next);
  }

  const mover = (id: string, by: -1 | 1, isEnd: boolean) => (
    <Button
      size="sm"
      variant="ghost"
      data-key={`${id}${by}`}
      aria-label={t(by < 0 ? "merging.up" : "merging.down", { name: nameOf(id) })}
      aria-disabled={isEnd}
      className="aria-disabled:opacity-40"
      onClick={() => !isEnd && move(id, by)}
    >
      {by < 0 ? <ArrowUp /> : <ArrowDown />}
    </Button>
  );
  return (
    <fieldset className="grid min-w-0 gap-2">
      <legend className="mb-1 text-xs font-medium text-ink-2">{t("merging.trust")}</legend>
      <p className="text-xs text-ink-3">{t(ids.length > 0 ? "merging.trustHint" : "merging.trustNone")}</p>
      {ids.length > 0 && (
        <ol ref={list} aria-label={t("merging.trust")} className="grid divide-y rounded-lg border">
          {ids.map((id, at) => (
            <li key={id} className="flex items-center gap-1 px-3 py-1">
              <span className="w-6 text-ink-3 tabular-nums" aria-hidden>
                {at + 1}
              </span>
              <span className="min-w-0 flex-1 truncate">{nameOf(id)}</span>
              {mover(id, -1, at === 0)}
              {mover(id, 1, at === ids.length - 1)}
              <Button
                size="sm"
                variant="ghost"
                aria-label={t("merging.leaveOut", { name: nameOf(id) })}
                onClick={() => onChange(ids.filter((other) => other !== id))}
              >
                <X />
              </Button>
            </li>
          ))}
        </ol>
      )}
      {rest.length > 0 && (
        <div role="group" aria-label={t("merging.unranked")} className="flex flex-wrap gap-1.5">
          {rest.map(({ id, name }) => (
            <Button
              key={id}
              size="sm"
              aria-label={t("merging.add", { name })}
              onClick={() => onChange([...ids, id])}
            >
              <Plus />
              {name}
            </Button>
          ))}
        </div>
      )}
      <p role="status" className="sr-only">
        {said}
      </p>
    </fieldset>
  );
}
