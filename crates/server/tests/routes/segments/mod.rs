mod list_members;
