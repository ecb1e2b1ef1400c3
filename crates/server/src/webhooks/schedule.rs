//! When a delivery that was not taken is tried again.

use rapport_domain::{Timestamp, WebhookDeliveryId};

/// Seconds between one try and the next, as Standard Webhooks proposes them: 5 s, 5 min, 30 min, 2 h,
/// 5 h, 10 h, 14 h, 20 h, 24 h. Some three days in all.
const WAITS: [i64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
/// The most that a receiver may ask for.
const RETRY_AFTER_MAX: i64 = 86_400;
/// What a wait grows by at most, as a part of it, so that what failed together is not tried together.
const JITTER: f64 = 0.2;
/// Spreads bits: 2^64 over the golden ratio (Knuth, "The Art of Computer Programming", volume 3, 6.4).
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// The next instant after so many tries, none where it was tried often enough. A receiver that asks for
/// more time gets it.
pub(super) fn next_try(
    id: WebhookDeliveryId,
    n_tries: u32,
    retry_after: Option<i64>,
    now: Timestamp,
) -> Option<Timestamp> {
    let tried = usize::try_from(n_tries).ok()?.checked_sub(1)?;
    let wait = *WAITS.get(tried)?;
    // The random bits of the id are the chance that is needed.
    let (_, bits) = id.as_uuid().as_u64_pair();
    let mixed = (bits ^ u64::from(n_tries)).wrapping_mul(GOLDEN) >> 48;
    let chance = mixed as f64 / f64::from(u16::MAX);
    let jittered = (wait as f64 * (1.0 + JITTER * chance)).round() as i64;
    let asked = retry_after.unwrap_or(0).clamp(0, RETRY_AFTER_MAX);
    Some(now.plus_seconds(jittered.max(asked)))
}

/// The seconds of `Retry-After`, which are given as such or as a date (RFC 9110, section 10.2.3).
pub(super) fn read_retry_after(text: &str, now: Timestamp) -> Option<i64> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<u32>() {
        return Some(i64::from(seconds));
    }
    let at = httpdate::parse_http_date(text).ok()?;
    let at = at.duration_since(std::time::UNIX_EPOCH).ok()?;
    let seconds = i64::try_from(at.as_secs()).ok()?;
    Some((seconds - now.as_millis() / 1_000).max(0))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_767_603_600_000);

    fn wait(id: u128, n_tries: u32, retry_after: Option<i64>) -> Option<i64> {
        let id = WebhookDeliveryId(Uuid::from_u128(id));
        let at = next_try(id, n_tries, retry_after, NOW)?;
        Some((at.as_micros() - NOW.as_micros()) / 1_000_000)
    }

    #[test]
    fn waits_grow_for_three_days_and_end_after_ten_tries() {
        for (idx, expected) in WAITS.into_iter().enumerate() {
            let n_tries = u32::try_from(idx).unwrap() + 1;
            let found = wait(0x1234_5678_9abc_def0, n_tries, None).unwrap();
            assert!((expected..=expected * 6 / 5).contains(&found), "{found}");
        }
        assert_eq!(wait(7, 10, None), None);
        assert_eq!(wait(7, 0, None), None);
    }

    #[test]
    fn what_failed_together_is_tried_apart() {
        assert_ne!(wait(0x1111, 3, None), wait(0x9999_0000_1111, 3, None));
    }

    #[test]
    fn a_receiver_gets_the_time_that_it_asks_for_up_to_a_day() {
        assert_eq!(wait(0, 1, Some(120)), Some(120));
        assert_eq!(wait(0, 2, Some(1)), wait(0, 2, None));
        assert_eq!(wait(0, 1, Some(1_000_000)), Some(86_400));
        assert_eq!(wait(0, 10, Some(5)), None);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        assert_eq!(read_retry_after(" 120 ", NOW), Some(120));
        let date = "Mon, 05 Jan 2026 09:01:00 GMT";
        assert_eq!(read_retry_after(date, NOW), Some(60));
        let past = "Mon, 05 Jan 2026 08:00:00 GMT";
        assert_eq!(read_retry_after(past, NOW), Some(0));
        assert_eq!(read_retry_after("soon", NOW), None);
        assert_eq!(read_retry_after("-5", NOW), None);
    }
}
