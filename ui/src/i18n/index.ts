import i18next from "i18next";
import { createContext, use } from "react";
import { initReactI18next, useTranslation } from "react-i18next";

import type { Language } from "@/api/types";
import { en } from "./en";
import type * as bulk from "./bulk/en";
import type * as custom from "./custom/en";
import { formatsOf, type Formats } from "./format";
import type * as access from "./access/en";
import type * as audit from "./audit/en";
import type * as deals from "./deals/en";
import type * as duplicates from "./duplicates/en";
import type * as fields from "./fields/en";
import type * as identity from "./identity/en";
import type * as importing from "./importing/en";
import type * as merging from "./merging/en";
import type * as dryRun from "./imports/dryRun.en";
import type * as undo from "./imports/undo.en";
import type * as mailboxes from "./mailboxes/en";
import type * as learning from "./models/en";
import type * as rights from "./rights/en";
import type * as sources from "./sources/en";
import type * as webhooks from "./webhooks/en";
import type * as problem from "./problem/en";

declare module "i18next" {
  interface CustomTypeOptions {
    resources: {
      translation: typeof en &
        typeof access &
        typeof audit &
        typeof bulk &
        typeof custom &
        typeof learning &
        typeof deals &
        typeof dryRun &
        typeof duplicates &
        typeof fields &
        typeof identity &
        typeof importing &
        typeof merging &
        typeof mailboxes &
        typeof problem &
        typeof rights &
        typeof sources &
        typeof webhooks &
        typeof undo;
    };
  }
}

const STORAGE_KEY = "rapport.language";

/** The language that was chosen on this device, or null. */
export function chosenLanguage(): Language | null {
  const stored = localStorage.getItem(STORAGE_KEY);
  return stored === "en" || stored === "zh" ? stored : null;
}

function browserLanguage(): Language {
  return navigator.language.startsWith("zh") ? "zh" : "en";
}

async function load(language: Language) {
  if (language === "zh" && !i18next.hasResourceBundle("zh", "translation")) {
    i18next.addResourceBundle("zh", "translation", (await import("./zh")).zh);
  }
}

/** English texts that come with the first screen that needs them; Chinese has all. */
const LATER = {
  access: () => import("./access/en"),
  audit: () => import("./audit/en"),
  bulk: () => import("./bulk/en"),
  custom: () => import("./custom/en"),
  deals: () => import("./deals/en"),
  duplicates: () => import("./duplicates/en"),
  dryRun: () => import("./imports/dryRun.en"),
  fields: () => import("./fields/en"),
  identity: () => import("./identity/en"),
  importing: () => import("./importing/en"),
  merging: () => import("./merging/en"),
  learning: () => import("./models/en"),
  mailboxes: () => import("./mailboxes/en"),
  problem: () => import("./problem/en"),
  rights: () => import("./rights/en"),
  sources: () => import("./sources/en"),
  undo: () => import("./imports/undo.en"),
  webhooks: () => import("./webhooks/en"),
};

const loaded = new Map<keyof typeof LATER, object>();

const addLoadedTexts = () => {
  for (const texts of loaded.values()) i18next.addResourceBundle("en", "translation", texts, true);
};

/** Loads the English texts of some screens, once. */
export async function loadTexts(of: keyof typeof LATER) {
  if (!loaded.has(of)) loaded.set(of, { ...(await LATER[of]()) });
  addLoadedTexts();
}

/** Starts with the language that was chosen here before, else the browser's. */
export async function startI18n(language = chosenLanguage() ?? browserLanguage()) {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: "en",
    resources: { en: { translation: en } },
    interpolation: { escapeValue: false },
    initAsync: false,
    react: { useSuspense: false },
  });
  addLoadedTexts();
  await load(language);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  // Nobody waits for these: until they are here, a refusal is told in the server's own words.
  loadTexts("problem").catch(() => undefined);
}

/** Switches without a reload. */
export async function switchLanguage(language: Language) {
  await load(language);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
}

/** Switches and remembers the choice on this device. */
export async function chooseLanguage(language: Language) {
  localStorage.setItem(STORAGE_KEY, language);
  await switchLanguage(language);
}

export function useLanguage(): Language {
  return useTranslation().i18n.language === "zh" ? "zh" : "en";
}

/** The currency in which the workspace keeps its books; null until it is known. */
export const WorkspaceCurrency = createContext<string | null>(null);

export function useFormats(): Formats {
  return formatsOf(useLanguage(), use(WorkspaceCurrency));
}

export function useT() {
  return useTranslation().t;
}
