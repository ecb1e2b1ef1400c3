//! Memory does not grow with the number of customers. Alone in its file, so that no other test's
//! memory is counted.

use std::cell::Cell;
use std::io::{self, Write};
use std::rc::Rc;

use rapport_twin::{Sink, TwinParams};

/// Counts bytes and keeps none.
#[derive(Clone, Default)]
struct Counter(Rc<Cell<u64>>);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.set(self.0.get() + bytes.len() as u64);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Sink for Counter {
    fn create(&mut self, _path: &str) -> io::Result<Box<dyn Write>> {
        Ok(Box::new(self.clone()))
    }

    fn finish(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Resident pages as Linux counts them; other systems have no such file and only run the stream.
fn resident_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[test]
fn twenty_thousand_customers_need_no_more_memory_than_two_thousand() {
    let counter = Counter::default();
    let twin = TwinParams::new(1, 20_000).check().unwrap();
    let mut early = None;

    let counts = twin
        .write_to(&mut counter.clone(), &mut |done, _| {
            if done >= 2_000 && early.is_none() {
                early = Some(resident_kib());
            }
        })
        .unwrap();

    let early = early.expect("progress is told along the way");
    assert!(counter.0.get() > 50_000_000, "{} bytes", counter.0.get());
    assert!(counts.rows("page_views.jsonl") > 100_000);
    if let (Some(early), Some(late)) = (early, resident_kib()) {
        let grown = late.saturating_sub(early);
        assert!(grown < 2_048, "grown by {grown} KiB from {early}");
    }
}
