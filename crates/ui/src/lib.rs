//! The web app, built and embedded.
