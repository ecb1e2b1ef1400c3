mod change_password;
mod update;
