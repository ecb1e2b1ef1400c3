import * as home from "./home/en";
import * as imports from "./imports/en";
import * as lists from "./lists/en";
import * as records from "./records/en";
import * as segments from "./segments/en";
import * as settings from "./settings/en";
import * as shell from "./shell/en";

/** Every text of the app in English, but for those of `models/`; `zh.ts` has the same keys. `_one`/`_other` follow `count`. */
export const en = {
  ...shell,
  ...lists,
  ...records,
  ...home,
  ...segments,
  ...imports,
  ...settings,
};
