import { Link } from "@tanstack/react-router";

import type { ModelDetail, ModelVersion } from "@/api/types";
import { Card, CardTitle } from "@/components/ui/bits";
import { cn } from "@/components/ui/cn";
import { useFormats, useT } from "@/i18n";
import { figureText } from "./figures";
import { StageBadge } from "./StageBadge";
import { useWords } from "./useWords";

/** All versions, the newest first; each leads to what is known of it below. */
export function VersionList({ model, chosen }: { model: ModelDetail; chosen: number }) {
  const t = useT();
  return (
    <Card className="min-w-0">
      <CardTitle id="versions">{t("models.versions")}</CardTitle>
      <ul
        aria-labelledby="versions"
        tabIndex={0}
        className="scrollbar-thin max-h-72 divide-y overflow-y-auto border-t"
      >
        {model.versions.map((version) => (
          <li key={version.version}>
            <VersionLine version={version} isChosen={version.version === chosen} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function VersionLine({ version, isChosen }: { version: ModelVersion; isChosen: boolean }) {
  const t = useT();
  const formats = useFormats();
  const words = useWords();
  const { evidence } = version;
  return (
    <Link
      to="/models/$kind"
      params={{ kind: version.kind }}
      search={{ version: version.version }}
      replace
      {...(isChosen ? { "aria-current": "true" as const } : {})}
      className={cn(
        "grid grid-cols-[5rem_6rem_minmax(0,1fr)_auto] items-center gap-3 px-4 py-2 -outline-offset-2 hover:bg-hover phone:grid-cols-[auto_minmax(0,1fr)] phone:gap-y-1",
        isChosen && "bg-selected hover:bg-selected",
      )}
    >
      <span className="font-medium whitespace-nowrap">
        {t("models.versionIs", { version: version.version })}
      </span>
      <span className="flex">
        <StageBadge stage={version.stage} />
      </span>
      <span className="truncate text-ink-2">
        {evidence && (
          <>
            {words("metric", evidence.metric)}{" "}
            <span className="numeric font-medium text-ink">{figureText(evidence.value, formats)}</span>
          </>
        )}
      </span>
      <span className="text-xs whitespace-nowrap text-ink-3 phone:text-right">
        {formats.dateTime(version.created_at)}
      </span>
    </Link>
  );
}
