//! A seeded make-believe company with known truth.
