import type * as en from "./en";

/** Texts of the settings, in Chinese. */
export const settings: typeof en.settings = {
  appearance: "外观",
  language: "语言",
  theme: "颜色",
  shortcuts: "单键快捷键",
  shortcutsHint: "j、k、x、e、/ 以及 g 组合键。使用语音输入时请关闭。",
  profile: "个人资料",
  name: "姓名",
  password: "密码",
  currentPassword: "当前密码",
  newPassword: "新密码",
  passwordHint: "至少 {{count, number}} 个字符。",
  changePassword: "修改密码",
  passwordChanged: "密码已修改",
  workspace: "工作区",
  workspaceHint: "对所有成员生效。",
  workspaceName: "名称",
  currency: "币种",
  region: "电话号码地区",
  users: "用户",
  usersHint: "成员可修改记录，只读用户仅可查看。",
  firstPassword: "初始密码",
  role: "角色",
  addUser: "添加用户",
  userAdded: "{{name}}现在可以登录了",
};
