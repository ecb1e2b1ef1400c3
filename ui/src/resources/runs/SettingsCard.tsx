import { Link } from "@tanstack/react-router";

import type { RunDetail } from "@/api/types";
import { Badge, Card, CardTitle, Fact, Facts } from "@/components/ui/bits";
import { useFormats, useT } from "@/i18n";
import { useParamName } from "./useParamName";
import { useParamText } from "./useParamText";

/** What went into a run: its settings, its rows, its program. */
export function SettingsCard({ run }: { run: RunDetail }) {
  const t = useT();
  const formats = useFormats();
  const paramName = useParamName();
  const paramText = useParamText();
  const params = Object.entries(run.params);
  return (
    <Card className="min-w-0">
      <CardTitle>{t("runs.params")}</CardTitle>
      <div className="grid gap-2 px-4 pt-1 pb-3">
        {params.length === 0 ? (
          <p className="text-ink-2">{t("runs.noParams")}</p>
        ) : (
          <Facts>
            {params.map(([name, value]) => (
              <Fact key={name} label={paramName(name)}>
                <span className="numeric">{paramText(name, value)}</span>
              </Fact>
            ))}
          </Facts>
        )}
        <div className="border-t pt-2">
          <Facts>
            {run.seed !== null && (
              <Fact label={t("runs.seed")}>
                <span className="numeric">{run.seed}</span>
              </Fact>
            )}
            {run.data && (
              <>
                <Fact label={t("runs.nRows")}>
                  <span className="numeric">{formats.number(run.data.n_rows)}</span>
                </Fact>
                {run.data.as_of && <Fact label={t("runs.asOf")}>{formats.dateTime(run.data.as_of)}</Fact>}
                <Fact label={t("runs.fingerprint")}>
                  <code className="text-xs break-all">{run.data.fingerprint}</code>
                </Fact>
              </>
            )}
            <Fact label={t("runs.code")}>{run.code_version}</Fact>
            {run.tags.length > 0 && (
              <Fact label={t("runs.tags")}>
                <span className="flex flex-wrap gap-1">
                  {run.tags.map((tag) => (
                    <Badge key={tag}>{tag}</Badge>
                  ))}
                </span>
              </Fact>
            )}
            {run.parent_id && (
              <Fact label={t("runs.parent")}>
                <Link
                  to="/models/runs/$id"
                  params={{ id: run.parent_id }}
                  className="text-accent-text hover:underline"
                >
                  {t("runs.openParent")}
                </Link>
              </Fact>
            )}
          </Facts>
        </div>
      </div>
    </Card>
  );
}
