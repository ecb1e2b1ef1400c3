import { Link } from "@tanstack/react-router";

import type { RunDetail } from "@/api/types";
import { Figures } from "@/components/ui/Figures";
import { useFormats, useT } from "@/i18n";
import { figuresApart } from "@/resources/models/figures";
import { StageBadge } from "@/resources/models/StageBadge";
import { useWords } from "@/resources/models/useWords";

/** A run at a glance. */
export function RunFigures({ run }: { run: RunDetail }) {
  const t = useT();
  const formats = useFormats();
  const words = useWords();
  const { headline, model_version: version } = run;
  const [value = "—", baseline = "—"] = headline
    ? figuresApart([headline.value, headline.baseline], formats)
    : [];
  return (
    <Figures
      figures={[
        ...(headline
          ? [
              {
                label: words("metric", headline.metric),
                value,
                note: t("runs.baselineIs", { value: baseline }),
              },
            ]
          : []),
        { label: t("runs.task"), value: words("kind", run.task), note: words("method", run.model) },
        {
          label: t("runs.duration"),
          value: run.seconds === null ? "—" : formats.duration(run.seconds),
          note: formats.dateTime(run.started_at),
        },
        ...(run.n_trials > 0 ? [{ label: t("runs.trials"), value: formats.number(run.n_trials) }] : []),
        ...(version
          ? [
              {
                label: t("runs.version"),
                value: formats.number(version.version),
                note: (
                  <Link
                    to="/models/$kind"
                    params={{ kind: version.kind }}
                    search={{ version: version.version }}
                    className="inline-flex items-center gap-1.5 text-accent-text hover:underline"
                  >
                    {words("kind", version.kind)}
                    <StageBadge stage={version.stage} />
                  </Link>
                ),
              },
            ]
          : []),
      ]}
    />
  );
}
