import { CloudOff, Inbox, Lock, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

import { ApiError } from "@/api/problem";
import { useT } from "@/i18n";
import { messageOf } from "@/i18n/problems";
import { Button } from "./Button";

/** What stands in a place that has nothing to show, with the next thing to do. */
export function EmptyState({
  title,
  text,
  icon,
  action,
}: {
  title: string;
  text?: string;
  icon?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="grid place-items-center px-6 py-14 text-center">
      <div className="grid max-w-sm justify-items-center gap-2">
        <span
          className="mb-1 grid size-10 place-items-center rounded-xl border bg-sunken text-ink-3 [&_svg]:size-5"
          aria-hidden
        >
          {icon ?? <Inbox />}
        </span>
        <p className="text-base font-semibold">{title}</p>
        {text && <p className="text-ink-2">{text}</p>}
        {action && <div className="mt-2 flex flex-wrap justify-center gap-2">{action}</div>}
      </div>
    </div>
  );
}

export function ErrorState({
  error,
  onRetry,
  action,
}: {
  error: unknown;
  onRetry?: () => void;
  /** Another way out than trying again. */
  action?: ReactNode;
}) {
  const t = useT();
  const status = error instanceof ApiError ? error.status : null;
  const isOffline = status === 0;
  // Asking again changes neither what is gone nor what one may see.
  const isFinal = status === 404 || status === 403;
  if (isFinal)
    return (
      <div role="alert">
        <EmptyState
          icon={<Lock />}
          title={t(status === 404 ? "error.gone" : "error.refused")}
          text={t(status === 404 ? "error.goneHint" : "error.refusedHint")}
          action={action}
        />
      </div>
    );
  return (
    <div role="alert">
      <EmptyState
        icon={isOffline ? <CloudOff /> : <TriangleAlert />}
        title={isOffline ? t("error.offline") : t("error.title")}
        text={
          isOffline ? t("error.offlineHint") : error instanceof Error ? messageOf(error) : t("error.unknown")
        }
        action={
          (onRetry || action) && (
            <>
              {onRetry && <Button onClick={onRetry}>{t("common.retry")}</Button>}
              {action}
            </>
          )
        }
      />
    </div>
  );
}
