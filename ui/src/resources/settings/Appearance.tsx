import { useMutation } from "@tanstack/react-query";
import { RadioGroup, Switch } from "radix-ui";
import { useState } from "react";

import { useData } from "@/api/context";
import type { Language, Theme } from "@/api/types";
import { chooseLanguage, useLanguage, useT } from "@/i18n";
import { areShortcutsOn, setShortcuts } from "@/layout/hotkeys";
import { chooseTheme, useTheme } from "@/layout/theme";
import { Section } from "./Section";

/** Language, colours and single-key shortcuts; the first two are also kept for other devices. */
export function Appearance() {
  const t = useT();
  const data = useData();
  const language = useLanguage();
  const theme = useTheme();
  const [isOn, setOn] = useState(areShortcutsOn);
  const remember = useMutation({
    mutationFn: (change: { language?: Language; theme?: Theme }) => data.updateMe(change),
  });
  return (
    <Section title={t("settings.appearance")}>
      <Choice
        label={t("settings.language")}
        value={language}
        options={[
          { value: "en", text: "English", lang: "en" },
          { value: "zh", text: "简体中文", lang: "zh-CN" },
        ]}
        onChange={(next) => {
          void chooseLanguage(next);
          remember.mutate({ language: next });
        }}
      />
      <Choice
        label={t("settings.theme")}
        value={theme}
        options={[
          { value: "light", text: t("theme.light") },
          { value: "dark", text: t("theme.dark") },
          { value: "system", text: t("theme.system") },
        ]}
        onChange={(next) => {
          chooseTheme(next);
          remember.mutate({ theme: next });
        }}
      />
      <div className="flex items-center justify-between gap-4">
        <label htmlFor="shortcuts">
          <span className="block font-medium">{t("settings.shortcuts")}</span>
          <span className="text-ink-2">{t("settings.shortcutsHint")}</span>
        </label>
        <Switch.Root
          id="shortcuts"
          checked={isOn}
          onCheckedChange={(next) => {
            setShortcuts(next);
            setOn(next);
          }}
          className="h-5 w-9 shrink-0 rounded-full bg-control p-0.5 transition-colors data-[state=checked]:bg-accent"
        >
          <Switch.Thumb className="block size-4 rounded-full bg-accent-ink transition-transform data-[state=checked]:translate-x-4" />
        </Switch.Root>
      </div>
    </Section>
  );
}

interface ChoiceProps<V extends string> {
  label: string;
  value: V;
  options: { value: V; text: string; lang?: string }[];
  onChange: (value: V) => void;
}

function Choice<V extends string>({ label, value, options, onChange }: ChoiceProps<V>) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-3">
      <span className="font-medium">{label}</span>
      <RadioGroup.Root
        aria-label={label}
        value={value}
        onValueChange={(next) => onChange(next as V)}
        className="flex rounded-lg border bg-sunken p-0.5"
      >
        {options.map((option) => (
          <RadioGroup.Item
            key={option.value}
            value={option.value}
            lang={option.lang}
            className="h-7 rounded-md px-3 text-ink-2 data-[state=checked]:bg-raised data-[state=checked]:font-medium data-[state=checked]:text-ink data-[state=checked]:shadow-sm"
          >
            {option.text}
          </RadioGroup.Item>
        ))}
      </RadioGroup.Root>
    </div>
  );
}
