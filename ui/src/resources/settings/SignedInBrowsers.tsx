import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";

import { useData } from "@/api/context";
import type { SignedInBrowser } from "@/api/types";
import { messageOf } from "@/components/admin/useEdit";
import { Badge } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { ErrorState } from "@/components/ui/StateView";
import { useFormats, useT } from "@/i18n";
import { browserName } from "./browserName";
import { Section } from "./Section";

const KEY = ["sessions"];

/** Where one is signed in, and the way out of each. */
export default function SignedInBrowsers() {
  const t = useT();
  const data = useData();
  const client = useQueryClient();
  const sessions = useQuery({ queryKey: KEY, queryFn: () => data.sessions() });
  const refresh = () => client.invalidateQueries({ queryKey: KEY });
  const onError = (error: Error) => toast.error(t("edit.failed"), { description: messageOf(error) });
  const end = useMutation({ mutationFn: (id: string) => data.endSession(id), onSuccess: refresh, onError });
  const endOthers = useMutation({
    mutationFn: () => data.endOtherSessions(),
    onSuccess: () => {
      toast.success(t("browsers.signedOutOthers"));
      return refresh();
    },
    onError,
  });
  const hasOthers = sessions.data?.some((session) => !session.is_current) ?? false;
  return (
    <Section title={t("browsers.title")} hint={t("browsers.hint")}>
      {sessions.error && <ErrorState error={sessions.error} onRetry={() => void sessions.refetch()} />}
      <ul aria-label={t("browsers.title")} className="divide-y rounded-lg border">
        {sessions.data?.map((session) => (
          <Row
            key={session.id}
            session={session}
            isBusy={end.isPending}
            onEnd={() => end.mutate(session.id)}
          />
        ))}
      </ul>
      {hasOthers && (
        <Button
          className="justify-self-start"
          disabled={endOthers.isPending}
          onClick={() => endOthers.mutate()}
        >
          {t("browsers.signOutOthers")}
        </Button>
      )}
    </Section>
  );
}

function Row({ session, isBusy, onEnd }: { session: SignedInBrowser; isBusy: boolean; onEnd: () => void }) {
  const t = useT();
  const formats = useFormats();
  const name = browserName(session.user_agent) ?? t("browsers.unknown");
  const seen = t("browsers.seen", { ago: formats.ago(session.seen_at, Date.now()) });
  return (
    <li className="flex items-center gap-3 px-3 py-2">
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium">{name}</span>
        <span className="block truncate text-xs text-ink-2">
          {[seen, session.address].filter(Boolean).join(" · ")}
        </span>
      </span>
      {session.is_current ? (
        <Badge>{t("browsers.current")}</Badge>
      ) : (
        <Button aria-label={t("browsers.signOutNamed", { name })} disabled={isBusy} onClick={onEnd}>
          {t("browsers.signOut")}
        </Button>
      )}
    </li>
  );
}
