import type * as en from "./en";

/** Texts of lists and of editing in place, in Chinese. */
export const list: typeof en.list = {
  count_one: "{{text}} 条记录",
  count_other: "{{text}} 条记录",
  countAbout_one: "约 {{text}} 条记录",
  countAbout_other: "约 {{text}} 条记录",
  columns: "列",
  clearSearch: "清除搜索",
  clearAll: "清除搜索和筛选",
  loadingMore: "正在加载更多行",
  moreFailed: "无法加载更多行。",
  noMatch: "没有符合条件的记录",
  noMatchHint: "请放宽筛选条件或更换搜索词。",
  select: "选择{{name}}",
  selectAll: "选择所有已加载的行",
  selection: "已选择的行",
  selected_one: "已选择 {{count, number}} 条",
  selected_other: "已选择 {{count, number}} 条",
  clearSelection: "清除选择",
};

export const filter: typeof en.filter = {
  add: "筛选",
  field: "字段",
  condition: "条件",
  value: "值",
  valueIn: "值（{{currency}}）",
  apply: "应用",
  remove: "移除筛选：{{filter}}",
  op: {
    eq: "是",
    ne: "不是",
    lt: "小于",
    lte: "不超过",
    gt: "大于",
    gte: "不少于",
    contains: "包含",
    in: "是",
    is_null: "为空",
    not_null: "不为空",
    date_gte: "不早于",
    date_lt: "早于",
    date_is_null: "为空",
    date_not_null: "不为空",
  },
};

export const edit: typeof en.edit = {
  field: "编辑{{name}}的{{field}}",
  change: "{{field}}：{{value}}。编辑",
  empty: "空",
  add: "添加…",
  saved: "已保存：{{what}}",
  saving: "正在保存…",
  undo: "撤销",
  undone: "已撤销：{{what}}",
  changedSince: "未能撤销：{{what}}之后又有改动",
  notUndone: "未能撤销：{{what}}",
  failed: "未能保存",
  wholeNumber: "请填写整数，例如 1200。",
  failedMany_one: "{{text}} 条记录未能保存",
  failedMany_other: "{{text}} 条记录未能保存",
  savingMany: "正在保存 {{done}} / {{total}}…",
  savedMany_one: "已保存 {{text}} 条记录的{{what}}",
  savedMany_other: "已保存 {{text}} 条记录的{{what}}",
  conflict: "其他人刚刚修改了这条记录。现已显示最新内容，请重新修改。",
};

export const picker: typeof en.picker = {
  placeholder: "输入以搜索…",
  results: "搜索结果",
  nothing: "没有找到结果。",
};
