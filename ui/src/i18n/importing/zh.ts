import type * as en from "./en";

/** Texts of the screen of one import that its list does not need, in Chinese. */
export const importing: typeof en.importing = {
  sheet: "工作表",
  hiddenSheet: "{{name}}（隐藏）",
  sheetHint: "切换工作表会重新读取文件，字段映射将重新识别。",
};
