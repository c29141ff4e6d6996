//! The one place of this stage that asks what time it is.

use jiff::Timestamp;
use time::OffsetDateTime;

/// A day, in seconds.
pub(super) const DAY: i64 = 86_400;

/// The seconds since 1970.
pub(super) fn now() -> i64 {
    Timestamp::now().as_second()
}

/// The day of a second since 1970, `YYYY-MM-DD`.
pub(super) fn day(second: i64) -> String {
    let moment = Timestamp::from_second(second);
    moment.map_or_else(|_| second.to_string(), |moment| moment.strftime("%Y-%m-%d").to_string())
}

/// A second since 1970 as `rcgen` has it.
pub(super) fn moment(second: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(second).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}
