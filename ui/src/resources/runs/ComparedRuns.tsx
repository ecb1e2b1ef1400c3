import { Link } from "@tanstack/react-router";
import { X } from "lucide-react";

import type { RunDetail } from "@/api/types";
import { SeriesMark } from "@/components/charts/SeriesMark";
import { useT } from "@/i18n";
import { MAX_RUNS } from "./comparison";
import { RunPicker } from "./RunPicker";
import { useRunName } from "./useRunName";

interface ComparedRunsProps {
  ids: string[];
  /** What is known of them so far. */
  runs: RunDetail[];
  onChange: (ids: string[]) => void;
}

/** The runs that are compared, each with the look of its curves; it is the legend of all charts below. */
export function ComparedRuns({ ids, runs, onChange }: ComparedRunsProps) {
  const t = useT();
  const runName = useRunName();
  return (
    <div className="scrollbar-thin flex max-h-28 flex-wrap items-center gap-1.5 overflow-y-auto border-b px-4 py-1.5">
      <ul aria-label={t("compare.runs")} className="contents">
        {ids.map((id, look) => {
          const run = runs.find((known) => known.id === id);
          const name = run ? runName(run) : "…";
          return (
            <li
              key={id}
              className="flex h-7 max-w-64 min-w-0 items-center rounded-md border bg-raised phone:h-8 phone:max-w-full"
            >
              <Link
                to="/models/runs/$id"
                params={{ id }}
                className="flex h-full min-w-0 items-center gap-2 rounded-l-md pl-2.5 hover:underline"
              >
                <SeriesMark look={look} />
                <span className="truncate">{name}</span>
              </Link>
              <button
                type="button"
                aria-label={t("compare.remove", { name })}
                onClick={() => onChange(ids.filter((other) => other !== id))}
                className="grid h-full w-7 shrink-0 place-items-center rounded-r-md text-ink-2 hover:bg-hover"
              >
                <X className="size-3.5" />
              </button>
            </li>
          );
        })}
      </ul>
      {ids.length < MAX_RUNS && <RunPicker taken={ids} onPick={(id) => onChange([...ids, id])} />}
    </div>
  );
}
