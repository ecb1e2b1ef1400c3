//! Records on SQLite or PostgreSQL: migrations, queries, jobs, sessions, model rows.
