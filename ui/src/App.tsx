import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider, type RouterHistory } from "@tanstack/react-router";
import { useState } from "react";
import { Toaster } from "sonner";

import { ProvideData } from "@/api/context";
import type { DataProvider } from "@/api/dataProvider";
import { ApiError } from "@/api/problem";
import { keys } from "@/components/admin/caches";
import { useT } from "@/i18n";
import { useIsDark } from "@/layout/theme";
import { forgetUser } from "@/resources/session/useSession";
import { makeRouter } from "./router";

interface AppProps {
  data: DataProvider;
  history?: RouterHistory;
}

function start({ data, history }: AppProps) {
  // A session that ran out sends to the sign-in, whichever request finds it out.
  const onError = (error: Error) => {
    if (!(error instanceof ApiError) || error.status !== 401 || router.state.location.pathname === "/sign-in")
      return;
    forgetUser(client);
    client.setQueryData(keys.session, null);
    void router.invalidate();
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      // The server often runs on this very machine, so being offline says nothing about reaching it: a
      // request that waits for the network would hang without a word.
      mutations: { networkMode: "always" },
      queries: {
        networkMode: "always",
        staleTime: 15_000,
        // A refusal does not change by asking again; a lost connection may.
        retry: (n, error) =>
          n < 2 && (!(error instanceof ApiError) || error.isOffline || error.status >= 502),
      },
    },
  });
  const router = makeRouter({ client, data }, history);
  return { client, router };
}

export function App(props: AppProps) {
  const [{ client, router }] = useState(() => start(props));
  const t = useT();
  const isDark = useIsDark();
  return (
    <ProvideData data={props.data}>
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
        <Toaster
          theme={isDark ? "dark" : "light"}
          position="bottom-right"
          containerAriaLabel={t("common.notices")}
          duration={6000}
          toastOptions={{ closeButtonAriaLabel: t("common.close") }}
        />
      </QueryClientProvider>
    </ProvideData>
  );
}
