//! What runs and when, as durable jobs: import, features, fit, publish.
