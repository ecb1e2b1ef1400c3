//! Customer segments: RFM, k-means, Ward; their choice, stability, map and portraits.
