import { lazy, Suspense } from "react";

import { loadTexts, useT } from "@/i18n";
import { PageBody, PageHeader } from "@/layout/PageHeader";
import { useMay, useUser } from "@/resources/session/useSession";
import { Account } from "./Account";
import { Appearance } from "./Appearance";
import { Users } from "./Users";
import { Workspace } from "./Workspace";

const ApiKeys = lazy(async () => (await loadTexts("access"), import("./ApiKeys")));
const SignedInBrowsers = lazy(async () => (await loadTexts("access"), import("./SignedInBrowsers")));
const CustomFieldsSection = lazy(async () => {
  await loadTexts("custom");
  return import("@/resources/custom/CustomFieldsSection");
});

export function Settings() {
  const t = useT();
  const user = useUser();
  const isAdmin = useMay("administer");
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
          {isAdmin && <Workspace />}
          {isAdmin && (
            <Suspense>
              <CustomFieldsSection />
            </Suspense>
          )}
          {isAdmin && <Users />}
        </div>
      </PageBody>
    </div>
  );
}
