import i18next from "i18next";
import { createContext, use } from "react";
import { initReactI18next, useTranslation } from "react-i18next";

import type { Language } from "@/api/types";
import { en } from "./en";
import { formatsOf, type Formats } from "./format";
import type * as undo from "./imports/undo.en";
import type * as learning from "./models/en";

declare module "i18next" {
  interface CustomTypeOptions {
    resources: { translation: typeof en & typeof learning & typeof undo };
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

/** English texts that came with their screens so far. */
const lateTexts: object[] = [];

const addLateTexts = () =>
  lateTexts.forEach((texts) => i18next.addResourceBundle("en", "translation", texts, true));

function keepLateTexts(texts: object) {
  if (!lateTexts.includes(texts)) lateTexts.push(texts);
  addLateTexts();
}

/** The English texts of runs and models, which come with the first of their screens; Chinese has all. */
export async function loadLearningTexts() {
  keepLateTexts(await import("./models/en"));
}

/** The English texts of taking an import back. */
export async function loadUndoTexts() {
  keepLateTexts(await import("./imports/undo.en"));
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
  addLateTexts();
  await load(language);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
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
