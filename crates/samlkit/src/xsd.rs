//! XML Schema's simple types (part 2) as SAML uses them: `dateTime` and `duration`. SAML's times
//! are in UTC (saml-core 1.3.3); one without a time zone is read as UTC too.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

/// The characters that XML Schema takes for white space.
pub fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

/// Reads an `xs:dateTime` (3.2.7): `2026-06-01T12:00:00.000Z`. Fractions beyond nanoseconds are
/// cut. `None` if the text is none, or names a day that does not exist.
///
/// ```
/// use samlkit::xsd::date_time;
///
/// let noon = date_time("2026-06-01T12:00:00Z");
/// assert!(noon.is_some());
/// assert_eq!(noon, date_time("2026-06-01T14:00:00.000+02:00"));
/// assert_eq!(date_time("2026-06-01 12:00:00Z"), None);
/// assert_eq!(date_time("2026-02-29T12:00:00Z"), None);
/// ```
pub fn date_time(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim_matches(is_space);
    let (date, time) = text.split_once('T')?;
    let (year, month_day) = date.split_at_checked(4)?;
    let (month, day) = month_day.strip_prefix('-')?.split_once('-')?;
    let year = i32::try_from(number(year, 4)?).ok()?;
    let date = NaiveDate::from_ymd_opt(year, number(month, 2)?, number(day, 2)?)?;

    let (clock, zone) = match time.find(['Z', '+', '-']) {
        Some(at) => time.split_at_checked(at)?,
        None => (time, "Z"),
    };
    let (whole, fraction) = match clock.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (clock, None),
    };
    let mut parts = whole.split(':');
    let (hour, minute, second) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let nanoseconds = fraction.map_or(Some(0), nanoseconds)?;
    let (hour, minute, second) = (number(hour, 2)?, number(minute, 2)?, number(second, 2)?);
    let midnight_after = (hour, minute, second, nanoseconds) == (24, 0, 0, 0);
    let hour = if midnight_after { 0 } else { hour };
    let time = NaiveTime::from_hms_nano_opt(hour, minute, second, nanoseconds)?;
    let local = date.and_time(time);
    let local =
        if midnight_after { local.checked_add_signed(TimeDelta::try_days(1)?)? } else { local };
    Some(local.checked_sub_signed(offset(zone)?)?.and_utc())
}

/// Exactly `width` digits.
fn number(digits: &str, width: usize) -> Option<u32> {
    let all_digits = digits.len() == width && digits.bytes().all(|b| b.is_ascii_digit());
    all_digits.then(|| digits.parse().ok()).flatten()
}

fn nanoseconds(fraction: &str) -> Option<u32> {
    if fraction.is_empty() || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    // Nine digits, filled up with zeros.
    let digits = fraction.bytes().chain(std::iter::repeat(b'0')).take(9);
    digits
        .map(|digit| u32::from(digit.wrapping_sub(b'0')))
        .try_fold(0u32, |number, digit| number.checked_mul(10)?.checked_add(digit))
}

/// `Z`, or hours and minutes up to 14:00.
fn offset(zone: &str) -> Option<TimeDelta> {
    if zone == "Z" {
        return Some(TimeDelta::zero());
    }
    let (sign, rest) = zone.split_at_checked(1)?;
    let (hours, minutes) = rest.split_once(':')?;
    let (hours, minutes) = (number(hours, 2)?, number(minutes, 2)?);
    if minutes > 59 || hours.checked_mul(60)?.checked_add(minutes)? > 14 * 60 {
        return None;
    }
    let offset = i64::from(hours).checked_mul(60)?.checked_add(i64::from(minutes))?;
    TimeDelta::try_minutes(if sign == "-" { offset.checked_neg()? } else { offset })
}

/// Whether the text is an `xs:duration` (3.2.6): `P7D`, `PT1H30M`.
///
/// ```
/// assert!(samlkit::xsd::is_duration("P1DT12H"));
/// assert!(!samlkit::xsd::is_duration("1 day"));
/// ```
pub fn is_duration(text: &str) -> bool {
    let text = text.trim_matches(is_space);
    let Some(rest) = text.strip_prefix('-').unwrap_or(text).strip_prefix('P') else {
        return false;
    };
    let (date, time) = match rest.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (rest, None),
    };
    let date_parts = count_parts(date, "YMD", false);
    let time_parts = time.map(|time| count_parts(time, "HMS", true));
    match (date_parts, time_parts) {
        (Some(date), None) => date > 0,
        (Some(_), Some(Some(time))) => time > 0,
        _ => false,
    }
}

/// How many `digits designator` parts there are, the designators in the given order and each at
/// most once; `None` if there is anything else. Only seconds may have a fraction.
fn count_parts(mut text: &str, designators: &str, fraction: bool) -> Option<usize> {
    let mut parts = 0usize;
    for designator in designators.chars() {
        let Some((digits, rest)) = text.split_once(designator) else { continue };
        let (whole, after_point) = match digits.split_once('.') {
            Some((whole, after)) if fraction && designator == 'S' => (whole, after),
            Some(_) => return None,
            None => (digits, "0"),
        };
        let is_number =
            |digits: &str| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        if !is_number(whole) || !is_number(after_point) {
            return None;
        }
        parts = parts.saturating_add(1);
        text = rest;
    }
    text.is_empty().then_some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn date_times_by_the_specification() {
        let same = "2026-06-01T00:00:00Z";
        for text in [
            "2026-06-01T00:00:00",
            " 2026-06-01T00:00:00.000000000000Z\n",
            "2026-05-31T24:00:00Z",
            "2026-05-31T19:00:00-05:00",
            "2026-06-01T14:00:00+14:00",
        ] {
            assert_eq!(date_time(text), date_time(same), "{text}");
            assert!(date_time(text).is_some());
        }
        for text in [
            "",
            "T",
            "2026-06-01",
            "2026-06-01T00:00Z",
            "26-06-01T00:00:00Z",
            "2026-6-1T00:00:00Z",
            "2026-06-01t00:00:00z",
            "2026-13-01T00:00:00Z",
            "2026-06-31T00:00:00Z",
            "2026-06-01T25:00:00Z",
            "2026-06-01T24:00:01Z",
            "2026-06-01T00:60:00Z",
            "2026-06-01T00:00:60Z",
            "2026-06-01T00:00:00.Z",
            "2026-06-01T00:00:00+14:01",
            "2026-06-01T00:00:00+1:00",
            "2026-06-01T00:00:00ZZ",
            "tomorrow",
            "+026-06-01T00:00:00Z",
        ] {
            assert_eq!(date_time(text), None, "{text}");
        }
    }

    #[test]
    fn durations_by_the_specification() {
        for text in ["P1Y", "P1Y2M3DT4H5M6.7S", "PT0S", "-P1D", "P0D", "PT36H", "P1M"] {
            assert!(is_duration(text), "{text}");
        }
        for text in [
            "", "P", "PT", "P1DT", "1D", "P1", "PD", "P1D1Y", "P1.5D", "PT1.S", "P-1D", "PT1D",
            "P1S", "604800",
        ] {
            assert!(!is_duration(text), "{text}");
        }
    }
}
