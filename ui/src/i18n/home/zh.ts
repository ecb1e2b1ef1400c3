import type * as en from "./en";

/** Texts of the home screen and of charts, in Chinese. */
export const home: typeof en.home = {
  doNow: "现在该做",
  nothingToDo: "全部完成，没有待办事项。",
  deed: {
    done: "完成（D）：{{title}}",
    snooze: "推迟到明天（S）：{{title}}",
    task: "记为任务（T）：{{title}}",
  },
  noted: "已记为明天的任务：{{title}}",
  otherCurrencies_one: "不含其他币种的 {{text}} 笔订单",
  otherCurrencies_other: "不含其他币种的 {{text}} 笔订单",
  empty: "欢迎使用 Rapport",
  emptyHint: "导入客户或订单文件。字段映射会自动识别，并在执行前展示。",
  revenue: "销售额",
  contacts: "联系人",
  orders: "订单",
  products: "商品",
  events: "事件",
  revenueByMonth: "每月销售额",
  recentImports: "最近导入",
};

export const chart: typeof en.chart = {
  asTable: "以表格显示",
  asChart: "以图表显示",
  month: "月份",
  spent: "消费",
  orders: "订单数",
  nOrders_one: "{{text}} 笔订单",
  nOrders_other: "{{text}} 笔订单",
};
