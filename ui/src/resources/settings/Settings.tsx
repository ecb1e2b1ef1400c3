import { Link } from "@tanstack/react-router";
import { Mailbox, Network, ScrollText, ShieldCheck, Webhook } from "lucide-react";
import { lazy, Suspense } from "react";

import { Button } from "@/components/ui/Button";
import { loadTexts, useT } from "@/i18n";
import { PageBody, PageHeader } from "@/layout/PageHeader";
import { useMay, useUser } from "@/resources/session/useSession";
import { Account } from "./Account";
import { Appearance } from "./Appearance";
import { Section } from "./Section";
import { Users } from "./Users";
import { Workspace } from "./Workspace";

const ApiKeys = lazy(async () => (await loadTexts("access"), import("./ApiKeys")));
const BulkEdits = lazy(async () => (await loadTexts("bulk"), import("@/resources/bulk/BulkEdits")));
const SignedInBrowsers = lazy(async () => (await loadTexts("access"), import("./SignedInBrowsers")));
const PoolRules = lazy(async () => (await loadTexts("rights"), import("@/resources/pool/PoolRules")));
const MergingSection = lazy(async () => {
  await Promise.all((["duplicates", "identity", "merging"] as const).map(loadTexts));
  return import("@/resources/merging/MergingSection");
});
const CustomFieldsSection = lazy(async () => {
  await loadTexts("custom");
  return import("@/resources/custom/CustomFieldsSection");
});

export function Settings() {
  const t = useT();
  const user = useUser();
  const isAdmin = useMay("administer");
  const mayWrite = useMay("write");
  const mayManage = useMay("manage_settings");
  const mayDefine = useMay("define_fields");
  const mayTell = useMay("manage_webhooks");
  const mayAudit = useMay("read_audit");
  return (
    <div className="grid h-full min-h-0 grid-rows-[auto_minmax(0,1fr)]">
      <PageHeader title={t("nav.settings")} />
      <PageBody>
        <div className="mx-auto grid max-w-3xl grid-cols-[minmax(0,1fr)] gap-4 p-4">
          <Appearance />
          {user && <Account key={user.id} user={user} />}
          <Suspense>
            <SignedInBrowsers />
            <ApiKeys />
          </Suspense>
          {mayWrite && (
            <Suspense>
              <BulkEdits />
            </Suspense>
          )}
          {mayManage && <Workspace />}
          {mayDefine && (
            <Suspense>
              <CustomFieldsSection />
            </Suspense>
          )}
          {mayManage && (
            <Suspense>
              <MergingSection />
              <PoolRules />
            </Suspense>
          )}
          {isAdmin && <MailboxLink />}
          {mayTell && <WebhookLink />}
          {(isAdmin || mayAudit) && <AccessLinks isAdmin={isAdmin} mayAudit={mayAudit} />}
          {isAdmin && <Users />}
        </div>
      </PageBody>
    </div>
  );
}

/** The way to the screen of the mailboxes that are read. */
function MailboxLink() {
  const t = useT();
  return (
    <Section title={t("settings.mailboxes")} hint={t("settings.mailboxesHint")}>
      <div>
        <Button asChild>
          <Link to="/settings/mailboxes">
            <Mailbox />
            {t("settings.mailboxes")}
          </Link>
        </Button>
      </div>
    </Section>
  );
}

/** The way to the screen that says who is told what changes. */
function WebhookLink() {
  const t = useT();
  return (
    <Section title={t("settings.webhooks")} hint={t("settings.webhooksHint")}>
      <div>
        <Button asChild>
          <Link to="/settings/webhooks">
            <Webhook />
            {t("settings.webhooks")}
          </Link>
        </Button>
      </div>
    </Section>
  );
}

/** The ways to the screens that say who may do what. */
function AccessLinks({ isAdmin, mayAudit }: { isAdmin: boolean; mayAudit: boolean }) {
  const t = useT();
  return (
    <Section title={t("settings.access")} hint={t("settings.accessHint")}>
      <div className="flex flex-wrap gap-2">
        {isAdmin && (
          <>
            <Button asChild>
              <Link to="/settings/roles">
                <ShieldCheck />
                {t("settings.roles")}
              </Link>
            </Button>
            <Button asChild>
              <Link to="/settings/teams">
                <Network />
                {t("settings.teams")}
              </Link>
            </Button>
          </>
        )}
        {mayAudit && (
          <Button asChild>
            <Link to="/settings/audit">
              <ScrollText />
              {t("settings.audit")}
            </Link>
          </Button>
        )}
      </div>
    </Section>
  );
}
