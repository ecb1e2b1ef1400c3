//! Which bucket a customer belongs to: a hash that any engine can compute again.

/// Bucket of a customer id (its 16 bytes) among `n_buckets`; anonymous events are in bucket 0.
///
/// # Source
/// FNV-1a, 64 bit: Fowler, Noll & Vo, "The FNV Non-Cryptographic Hash Algorithm".
///
/// # Panics
/// Where `n_buckets` is 0.
pub fn bucket_of(customer: Option<&[u8; 16]>, n_buckets: u32) -> u32 {
    const OFFSET_BASIS: u64 = 0xCBF2_9CE4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01B3;
    let Some(bytes) = customer else { return 0 };
    let hash = bytes.iter().fold(OFFSET_BASIS, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(PRIME)
    });
    u32::try_from(hash % u64::from(n_buckets)).expect("a remainder is less than its u32 divisor")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_that_of_the_reference() {
        // FNV-1a of sixteen zero bytes, computed with the reference recurrence in Python:
        // h = 0xcbf29ce484222325; for _ in range(16): h = h * 0x100000001b3 % 2**64
        assert_eq!(
            bucket_of(Some(&[0; 16]), 1_000_003),
            (0x8820_1FB9_60FF_6465_u64 % 1_000_003) as u32
        );
    }

    #[test]
    fn buckets_are_filled_evenly() {
        let mut counts = [0_u32; 8];
        for i in 0..8000_u128 {
            counts[bucket_of(Some(&(i << 70 | i).to_be_bytes()), 8) as usize] += 1;
        }

        assert!(
            counts.iter().all(|&count| (800..1200).contains(&count)),
            "{counts:?}"
        );
    }

    #[test]
    fn the_anonymous_are_in_the_first_bucket() {
        assert_eq!(bucket_of(None, 7), 0);
    }
}
