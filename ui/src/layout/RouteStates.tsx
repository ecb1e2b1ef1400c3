import { Link, useRouter } from "@tanstack/react-router";

import { Button } from "@/components/ui/Button";
import { EmptyState, ErrorState } from "@/components/ui/StateView";
import { useT } from "@/i18n";

export function NotFound() {
  const t = useT();
  return (
    <main>
      <EmptyState
        title={t("error.notFound")}
        text={t("error.notFoundHint")}
        action={
          <Button asChild>
            <Link to="/">{t("nav.home")}</Link>
          </Button>
        }
      />
    </main>
  );
}

export function RouteError({ error, reset }: { error: unknown; reset: () => void }) {
  const router = useRouter();
  // Rendering again alone would show the same error: what failed to load has to be loaded anew.
  const retry = () => void router.invalidate().then(reset);
  return <ErrorState error={error} onRetry={retry} />;
}

export function RoutePending() {
  const t = useT();
  return (
    <p role="status" className="sr-only">
      {t("common.loading")}
    </p>
  );
}
