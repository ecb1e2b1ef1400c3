import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useState, type FormEvent } from "react";

import { useData } from "@/api/context";
import { ApiError } from "@/api/problem";
import { keys } from "@/components/admin/caches";
import { Button } from "@/components/ui/Button";
import { Field, Input } from "@/components/ui/fields";
import { chooseLanguage, chosenLanguage, switchLanguage, useFormats, useLanguage, useT } from "@/i18n";
import { messageOf } from "@/i18n/problems";
import { chosenTheme, chooseTheme } from "@/layout/theme";
import { forgetUser } from "./useSession";

export function SignIn() {
  const t = useT();
  const formats = useFormats();
  const data = useData();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { to } = useSearch({ strict: false }) as { to?: string };
  const language = useLanguage();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const title = t("session.title");
  useEffect(() => {
    document.title = `${title} · Rapport`;
  }, [title]);

  const signIn = useMutation({
    mutationFn: () => data.signIn(email.trim(), password),
    onSuccess: async (user) => {
      client.clear();
      // Once more: the screen that was left last kept its list when it went.
      forgetUser(client);
      client.setQueryData(keys.session, user);
      // What was chosen on this device wins; else what the user chose elsewhere.
      if (!chosenLanguage()) await switchLanguage(user.language);
      if (user.theme && chosenTheme() === "system") chooseTheme(user.theme);
      // Only a path of ours: an address from outside must not lead elsewhere.
      await navigate({ href: to && /^\/(?!\/)/.test(to) ? to : "/", replace: true });
    },
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    signIn.mutate();
  }

  return (
    <main className="grid min-h-dvh place-items-center bg-sunken p-4">
      <div className="w-full max-w-sm">
        <form
          onSubmit={submit}
          className="grid gap-4 rounded-2xl border border-line bg-raised p-6 shadow-float"
        >
          <div className="grid justify-items-center gap-2 pb-1 text-center">
            <img src="/favicon.svg" alt="" className="size-10" />
            <h1 className="text-lg font-semibold">{title}</h1>
            <p className="text-ink-2">{t("session.hint")}</p>
          </div>
          <Field label={t("session.email")}>
            {(props) => (
              <Input
                {...props}
                type="email"
                autoComplete="username"
                autoFocus
                required
                className="h-9"
                value={email}
                onChange={(event) => setEmail(event.target.value)}
              />
            )}
          </Field>
          <Field label={t("session.password")}>
            {(props) => (
              <Input
                {...props}
                type="password"
                autoComplete="current-password"
                required
                className="h-9"
                value={password}
                onChange={(event) => setPassword(event.target.value)}
              />
            )}
          </Field>
          {signIn.error && (
            <p role="alert" className="rounded-md bg-bad-soft px-3 py-2 text-bad">
              {refusal(signIn.error)}
            </p>
          )}
          <Button type="submit" variant="primary" className="h-9 justify-center" disabled={signIn.isPending}>
            {t(signIn.isPending ? "session.signingIn" : "session.signIn")}
          </Button>
        </form>
        <p className="mt-4 text-center">
          <Button
            variant="ghost"
            lang={language === "en" ? "zh-CN" : "en"}
            onClick={() => void chooseLanguage(language === "en" ? "zh" : "en")}
          >
            {language === "en" ? "中文" : "English"}
          </Button>
        </p>
      </div>
    </main>
  );

  function refusal(error: Error): string {
    if (!(error instanceof ApiError)) return t("error.unknown");
    if (error.isOffline) return t("error.offline");
    if (error.status === 429) return t("session.tooMany", { wait: formats.duration(error.retryAfter ?? 60) });
    if (error.status === 401 || error.status === 422) return t("session.refused");
    return messageOf(error);
  }
}
