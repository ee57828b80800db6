//! What each vendor publishes, accepts and limits: one table a vendor, each entry with its source,
//! and the small functions that compare with it. Rules use these; the tables know no rules.

pub mod aws_error;
pub mod aws_iam;
pub mod aws_partition;
pub mod client_vpn;
pub mod entra;
pub mod entra_error;
pub mod identity_center;

/// Whether `text` has the form of an AWS Region: `eu-central-1`, `us-gov-west-1`,
/// `eusc-de-east-1`.
pub(crate) fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let letters = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase());
    match parts.as_slice() {
        [area, middle @ .., number] => {
            area.len() >= 2
                && letters(area)
                && !middle.is_empty()
                && middle.iter().all(letters)
                && !number.is_empty()
                && number.bytes().all(|b| b.is_ascii_digit())
        }
        _ => false,
    }
}

/// Whether `text` is groups of lower- or upper-case hexadecimal digits of these lengths, with `-`
/// between them.
pub(crate) fn is_hex_groups(text: &str, lengths: &[usize]) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    groups.len() == lengths.len()
        && groups.iter().zip(lengths).all(|(group, &length)| {
            group.len() == length && group.bytes().all(|b| b.is_ascii_hexdigit())
        })
}

/// The lengths of the groups of a UUID.
pub(crate) const UUID: [usize; 5] = [8, 4, 4, 4, 12];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_and_groups() {
        for region in ["eu-central-1", "us-gov-west-1", "cn-north-1", "eusc-de-east-1"] {
            assert!(is_region(region), "{region}");
        }
        for none in
            ["", "e-central-1", "eu", "eu-1", "eu-central", "EU-central-1", "eu--1", "eu-central-x"]
        {
            assert!(!is_region(none), "{none}");
        }
        assert!(is_hex_groups("75732d65-6173-742d-312d-059231ef7dc0", &UUID));
        assert!(!is_hex_groups("75732d65-6173-742d-312d-059231ef7dcg", &UUID));
        assert!(!is_hex_groups("75732d65-6173-742d-312d", &UUID));
    }
}
