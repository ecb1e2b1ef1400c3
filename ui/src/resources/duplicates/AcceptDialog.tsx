import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { useData } from "@/api/context";
import type { Job } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { Button } from "@/components/ui/Button";
import { Checkbox } from "@/components/ui/Checkbox";
import { Dialog } from "@/components/ui/Dialog";
import { useFormats, useT } from "@/i18n";
import { withJob } from "@/layout/live";
import { Refusal } from "@/resources/access/Refusal";
import { RequiredChoiceField } from "@/resources/pickers/fields";
import { useLikelihood } from "./useLikelihood";
import { useMatchingSettings } from "./useMatchingSettings";
import { OPEN } from "./useQueue";

const LEAST = [0.9999, 0.999, 0.99, 0.95, 0.9];
/** The certainty that is proposed where the settings name none. */
const USUAL = 0.999;
/** Pairs that are shown of those that would be merged. */
const N_SHOWN = 3;
/** The server counts so many one by one; only beyond that it estimates. */
const N_COUNTED = 10_000;

/** Digits that tell the choices apart. */
const DIGITS = 3;

/** Merges all pairs from a certainty on, after saying how many that are and which are the least certain. */
export default function AcceptDialog({
  onStarted,
  onClose,
}: {
  onStarted: (job: string) => void;
  onClose: () => void;
}) {
  const t = useT();
  const formats = useFormats();
  const data = useData();
  const client = useQueryClient();
  const threshold = useMatchingSettings()?.threshold ?? USUAL;
  const [chosen, setChosen] = useState<number | null>(null);
  const [isConfirmed, setConfirmed] = useState(false);
  const least = chosen ?? threshold;
  const { data: page, error } = useQuery({
    queryKey: keys.matchPairs("at-least", least),
    queryFn: () =>
      data.matchPairs(
        { filter: [OPEN, { field: "probability", op: "gte", value: String(least) }], sort: "probability" },
        { limit: N_SHOWN },
      ),
    staleTime: 0,
  });
  const accept = useMutation({
    mutationFn: () => data.acceptMatchPairs(least),
    onSuccess: ({ job }) => {
      client.setQueryData<Job[]>(keys.jobs, (jobs = []) => withJob(jobs, job));
      onStarted(job.id);
      onClose();
    },
  });
  const count = page ? (page.nextCursor === null ? page.items.length : (page.estimate ?? 0)) : null;
  const options = [...new Set([threshold, ...LEAST])].sort((one, other) => other - one);
  const percent = (share: number) => formats.number(share * 100, { maximumFractionDigits: DIGITS }) + "%";
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("duplicates.acceptTitle")}
      description={t("duplicates.acceptHint")}
    >
      <form
        className="scrollbar-thin grid gap-4 overflow-y-auto p-5"
        onSubmit={(event) => (event.preventDefault(), accept.mutate())}
      >
        <RequiredChoiceField
          label={t("duplicates.least")}
          value={String(least)}
          onChange={(value) => (setChosen(Number(value)), setConfirmed(false))}
          options={options.map((value) => ({
            value: String(value),
            label: t(value === threshold ? "duplicates.leastOptionThreshold" : "duplicates.leastOption", {
              percent: percent(value),
            }),
          }))}
        />
        <div aria-live="polite" className="grid min-h-10 gap-1 text-ink-2">
          {count === null && !error && <p>{t("common.loading")}</p>}
          {count === 0 && <p>{t("duplicates.acceptNone")}</p>}
          {count !== null && count > 0 && <Effect count={count} least={least} />}
          <Refusal error={error} />
        </div>
        {page && page.items.length > 0 && (
          <section>
            <h3 className="mb-1 text-xs font-medium text-ink-2">{t("duplicates.leastCertain")}</h3>
            <LeastCertain pairs={page.items} />
          </section>
        )}
        <label className="flex items-center gap-2">
          <Checkbox
            aria-label={t("duplicates.acceptConfirm")}
            checked={isConfirmed}
            disabled={!count}
            onCheckedChange={(checked) => setConfirmed(checked === true)}
          />
          {t("duplicates.acceptConfirm")}
        </label>
        <Refusal error={accept.error} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" variant="primary" disabled={!isConfirmed || !count || accept.isPending}>
            {t("duplicates.acceptAction", { count: count ?? 0, text: formats.number(count ?? 0) })}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** How many are merged, and how many mistakes that may be. */
function Effect({ count, least }: { count: number; least: number }) {
  const t = useT();
  const formats = useFormats();
  const text = formats.number(count);
  const nWrong = count * (1 - least);
  const wrong = Math.ceil(nWrong);
  return (
    <>
      <p className="font-medium text-ink">
        {count < N_COUNTED
          ? t("duplicates.acceptCount", { count, text })
          : t("duplicates.acceptAbout", { text })}
      </p>
      <p>
        {nWrong < 1
          ? t("duplicates.expectedNone")
          : t("duplicates.expectedWrong", { count: wrong, text: formats.number(wrong) })}
      </p>
    </>
  );
}

function LeastCertain({
  pairs,
}: {
  pairs: { id: string; left: { name: string }; right: { name: string }; probability: number }[];
}) {
  const likelihoodOf = useLikelihood();
  return (
    <ul className="divide-y rounded-lg border">
      {pairs.map(({ id, left, right, probability }) => (
        <li key={id} className="flex justify-between gap-3 px-3 py-1.5">
          <span className="min-w-0 truncate">
            {left.name} · {right.name}
          </span>
          <span className="numeric shrink-0 text-ink-2">{likelihoodOf(probability).percent}</span>
        </li>
      ))}
    </ul>
  );
}
