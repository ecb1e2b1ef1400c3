import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { useData } from "@/api/context";
import type { Condition } from "@/api/dataProvider";
import type { Job, MatchPair } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { Button } from "@/components/ui/Button";
import { Checkbox } from "@/components/ui/Checkbox";
import { Dialog } from "@/components/ui/Dialog";
import { useFormats, useT } from "@/i18n";
import { withJob } from "@/layout/live";
import { Refusal } from "@/resources/access/Refusal";
import { RequiredChoiceField } from "@/resources/pickers/fields";
import { useLikelihood } from "./useLikelihood";
import { BAND_EDGES } from "./waterfall";
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

const SHORT = { maximumSignificantDigits: 2 };

interface AcceptDialogProps {
  /** Whether the reader does not see all that is compared: then pairs are told in bands, and chosen by them. */
  isPartial: boolean;
  onStarted: (job: string) => void;
  onClose: () => void;
}

/** Only pairs that the whole group of their records supports are merged without a look at each. */
const SUPPORTED: Condition = { field: "is_grouped", op: "eq", value: "true" };

/** Merges all pairs from a certainty on, after saying how many that are and which are the least certain. */
export default function AcceptDialog({ isPartial, onStarted, onClose }: AcceptDialogProps) {
  const t = useT();
  const formats = useFormats();
  const data = useData();
  const client = useQueryClient();
  const threshold = useMatchingSettings()?.threshold ?? USUAL;
  const [chosen, setChosen] = useState<number | null>(null);
  const [isConfirmed, setConfirmed] = useState(false);
  const usual = isPartial ? BAND_EDGES[1] : threshold;
  const least = chosen ?? usual;
  const { data: page, error } = useQuery({
    queryKey: keys.matchPairs("at-least", least),
    queryFn: () =>
      data.matchPairs(
        {
          filter: [OPEN, SUPPORTED, { field: "probability", op: "gte", value: String(least) }],
          sort: "probability",
        },
        { limit: N_SHOWN },
      ),
    staleTime: 0,
  });
  const accept = useMutation({
    mutationFn: () => data.acceptMatchPairs(least),
    onSuccess: ({ job }) => {
      client.setQueryData<Job[]>(keys.jobs, (jobs = []) => withJob(jobs, job));
      void client.invalidateQueries({ queryKey: keys.matchAcceptances });
      onStarted(job.id);
      onClose();
    },
  });
  // Undefined until it is told, null where the server cannot tell.
  const count = page && (page.nextCursor === null ? page.items.length : page.estimate);
  const isSome = count === null || (count ?? 0) > 0;
  const options = [...new Set(isPartial ? BAND_EDGES : [threshold, ...LEAST])].sort(
    (one, other) => other - one,
  );
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
            label: t(
              !isPartial && value === threshold
                ? "duplicates.leastOptionThreshold"
                : "duplicates.leastOption",
              {
                percent: percent(value),
              },
            ),
          }))}
        />
        <div aria-live="polite" className="grid min-h-10 gap-1 text-ink-2">
          {count === undefined && !error && <p>{t("common.loading")}</p>}
          {count === 0 && <p>{t("duplicates.acceptNone")}</p>}
          {count !== undefined && isSome && <Effect count={count} least={least} />}
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
            disabled={!isSome}
            onCheckedChange={(checked) => setConfirmed(checked === true)}
          />
          {t("duplicates.acceptConfirm")}
        </label>
        <Refusal error={accept.error} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" variant="primary" disabled={!isConfirmed || !isSome || accept.isPending}>
            {typeof count === "number"
              ? t("duplicates.acceptAction", { count, text: formats.number(count) })
              : t("duplicates.acceptActionAll")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** How many are merged, null where that is not known, and how many mistakes that may be. */
function Effect({ count, least }: { count: number | null; least: number }) {
  const t = useT();
  const formats = useFormats();
  if (count === null)
    return (
      <>
        <p className="font-medium text-ink">{t("duplicates.acceptUnknown")}</p>
        <p>{t("duplicates.expectedOfMany", { text: formats.number((1 - least) * 10_000, SHORT) })}</p>
      </>
    );
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

function LeastCertain({ pairs }: { pairs: MatchPair[] }) {
  const likelihoodOf = useLikelihood();
  return (
    <ul className="divide-y rounded-lg border">
      {pairs.map((pair) => (
        <li key={pair.id} className="flex justify-between gap-3 px-3 py-1.5">
          <span className="min-w-0 truncate">
            {pair.left.name} · {pair.right.name}
          </span>
          <span className="numeric shrink-0 text-ink-2">{likelihoodOf(pair).percent}</span>
        </li>
      ))}
    </ul>
  );
}
