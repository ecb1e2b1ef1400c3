//! The most memory that this process held at once.

/// Peak resident set in MiB; `None` where the system does not tell (it does on Linux).
pub(crate) fn peak_rss_mib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    parse_peak_kib(&status).map(|kib| kib / 1024)
}

fn parse_peak_kib(status: &str) -> Option<u64> {
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_high_water_mark_is_read_in_kib() {
        let status = "Name:\trapport\nVmPeak:\t  900 kB\nVmHWM:\t   204800 kB\nVmRSS:\t 10 kB\n";

        assert_eq!(parse_peak_kib(status), Some(204_800));
        assert_eq!(parse_peak_kib("Name:\trapport\n"), None);
    }
}
