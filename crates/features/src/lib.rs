//! Features declared once, built per customer as of an instant.
