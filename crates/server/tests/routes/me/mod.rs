mod change_password;
mod sessions;
mod update;
