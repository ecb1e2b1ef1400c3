//! Where clocks show the times of a file that have no zone. Only events have times of day: a date of a deal in
//! another zone would be another date.

use rapport_domain::{EntityKind, Violation, Zone};

use super::{Mapping, plural};

impl Mapping {
    pub(super) fn check_zone(&self, violations: &mut Vec<Violation>) {
        let Some(name) = &self.time_zone else { return };
        let violation = match name.parse::<Zone>() {
            Err(_) => Violation::new(
                "/time_zone",
                "not_a_time_zone",
                format!("{name:?} is no time zone; name one as Europe/London or Asia/Shanghai"),
            ),
            Ok(_) if self.entity != EntityKind::Events => Violation::new(
                "/time_zone",
                "not_for_kind",
                format!(
                    "{} have dates and no times; leave the zone out",
                    plural(self.entity)
                ),
            ),
            Ok(_) => return,
        };
        violations.push(violation);
    }

    /// The zone, universal time where none is named.
    pub(crate) fn zone(&self) -> Zone {
        let is_of_times = self.entity == EntityKind::Events;
        let name = self.time_zone.as_deref().filter(|_| is_of_times);
        name.and_then(|name| name.parse().ok()).unwrap_or_default()
    }
}
