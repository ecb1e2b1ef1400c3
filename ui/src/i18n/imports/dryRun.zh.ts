import type * as en from "./dryRun.en";

/** Texts of a dry run of an import, in Chinese. */
export const dryRun: typeof en.dryRun = {
  title: "各行将产生的结果",
  hint: "试运行不会导入任何内容。结果对应试运行时的映射；再次试运行会重新检查。",
  part: "只检查了前 {{n}} 行：文件过长时不会检查到末尾。",
  cancelled: "试运行已取消。",
  stopped: "只检查了前 {{n}} 行。",
  going: "正在检查各行",
  failed: "无法检查各行：{{error}}",
  line: "行号",
  verdict: "结果",
  record: "记录",
  none: "没有这样的行。",
  changes: "改动",
  show: "显示的行",
  all: "全部",
  of: {
    created: "新建",
    changed: "修改",
    unchanged: "不变",
    rejected: "拒绝",
  },
};
