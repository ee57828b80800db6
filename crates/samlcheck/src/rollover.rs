//! Changing the key of an identity provider without an outage: which certificates the service provider
//! has to know before the new one is made active, and what happens on which day.

use chrono::{DateTime, Utc};
use samlkit::dsig::Certificate;

use crate::inventory::Inventory;

/// What stands between today and a change of keys.
#[derive(Clone, Debug)]
pub struct Rollover {
    /// The certificates that the identity provider publishes or the service provider has, by their ends.
    pub certificates: Vec<Standing>,
    /// What is wrong beside missing certificates, a sentence each.
    pub warnings: Vec<String>,
    /// Whether one of the two files is not what it was given for, so that nothing follows from them.
    pub is_mistaken: bool,
}

/// Where one certificate stands.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The certificate.
    pub certificate: Certificate,
    /// Whether the identity provider publishes it.
    pub is_published: bool,
    /// Whether the service provider has it.
    pub is_trusted: bool,
    /// Whether the identity provider's metadata is signed by it, which its active key mostly does.
    pub signs_metadata: bool,
    /// Whether its time is over.
    pub is_over: bool,
}

impl Standing {
    /// Whether the service provider has to get it before the identity provider signs with it.
    pub fn is_missing(&self) -> bool {
        self.is_published && !self.is_trusted && !self.is_over
    }

    /// Whether the service provider has it for nothing.
    pub fn is_left_over(&self) -> bool {
        self.is_trusted && !self.is_published
    }
}

impl Rollover {
    /// Compares what the identity provider publishes with what the service provider has.
    pub fn plan(published: &Inventory, trusted: &Inventory, now: DateTime<Utc>) -> Self {
        let (ours, theirs) = (published.signing(), trusted.signing());
        let has =
            |list: &[&Certificate], one: &Certificate| list.iter().any(|c| c.sha256 == one.sha256);
        let signer = published.signer.as_ref();
        let only_theirs: Vec<&Certificate> =
            theirs.iter().copied().filter(|certificate| !has(&ours, certificate)).collect();
        let mut certificates: Vec<Standing> = ours
            .iter()
            .chain(&only_theirs)
            .map(|certificate| Standing {
                certificate: (*certificate).clone(),
                is_published: has(&ours, certificate),
                is_trusted: has(&theirs, certificate),
                signs_metadata: signer.is_some_and(|signer| signer.sha256 == certificate.sha256),
                is_over: certificate.not_after < now,
            })
            .collect();
        certificates.sort_by_key(|standing| standing.certificate.not_after);
        let mut warnings = Vec::new();
        let is_idp = |inventory: &Inventory| {
            let roles = || inventory.entities.iter().flat_map(|entity| &entity.roles);
            roles().next().is_none() || roles().any(|role| role == "IdP")
        };
        if !is_idp(published) {
            warnings.push(
                "the file given as the identity provider's has no identity provider".to_owned(),
            );
        }
        if !is_idp(trusted) {
            warnings.push(
                "the file given as what the service provider has is metadata of its own: what is meant is \
                 what it has of the identity provider"
                    .to_owned(),
            );
        }
        let is_mistaken = !warnings.is_empty();
        let id = |inventory: &Inventory| match inventory.entities.as_slice() {
            [one] => one.entity_id.clone(),
            _ => None,
        };
        if let (Some(ours), Some(theirs)) = (id(published), id(trusted))
            && ours != theirs
        {
            warnings.push(format!(
                "the service provider knows the entity ID {theirs}, the identity provider is {ours}: \
                 this is more than a change of keys"
            ));
        }
        let current = |standing: &&Standing| standing.is_published && !standing.is_over;
        let first = certificates.iter().find(|standing| standing.is_published);
        if let Some(first) = first.filter(|first| first.is_over)
            && certificates.iter().any(|standing| current(&standing))
        {
            warnings.push(format!(
                "the certificate that ended on {} is still listed beside a newer one: Entra signs with \
                 the newer one now, even if nobody made it active",
                first.certificate.not_after.format("%Y-%m-%d")
            ));
        }
        if !certificates.iter().any(|standing| current(&standing)) {
            warnings.push(
                "the identity provider publishes no certificate whose time is not over".to_owned(),
            );
        }
        Self { certificates, warnings, is_mistaken }
    }

    /// The certificates that the service provider has to get first.
    pub fn missing(&self) -> impl Iterator<Item = &Standing> {
        self.certificates.iter().filter(|standing| standing.is_missing())
    }

    /// Whether the service provider takes whatever the identity provider may sign with.
    pub fn is_safe(&self) -> bool {
        !self.is_mistaken
            && self.missing().next().is_none()
            && self.certificates.iter().any(|s| s.is_published && s.is_trusted && !s.is_over)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    fn plan(published: &[&str], trusted: &[&str]) -> Rollover {
        let now = NOW.parse().unwrap();
        let read = |names: &[&str]| Inventory::read(idp_with(names).as_bytes(), now).unwrap();
        Rollover::plan(&read(published), &read(trusted), now)
    }

    #[test]
    fn the_next_one_is_missing() {
        let rollover = plan(&["active", "next"], &["active"]);
        assert!(!rollover.is_safe());
        let missing: Vec<_> = rollover.missing().map(|s| s.certificate.not_after).collect();
        assert_eq!(missing.len(), 1);
        assert_eq!(
            Some(&missing[0]),
            rollover.certificates.iter().map(|s| &s.certificate.not_after).max()
        );
    }

    #[test]
    fn both_are_there() {
        let rollover = plan(&["active", "next"], &["next", "active"]);
        assert!(rollover.is_safe() && rollover.warnings.is_empty());
        assert!(plan(&["active"], &["active"]).is_safe());
    }

    #[test]
    fn what_is_over_is_not_missing() {
        let rollover = plan(&["expired", "active"], &["active", "tenant"]);
        assert!(rollover.is_safe());
        assert!(rollover.warnings.iter().any(|warning| warning.contains("Entra signs with")));
        assert_eq!(rollover.certificates.iter().filter(|s| s.is_left_over()).count(), 1);
        let over = plan(&["expired"], &["expired"]);
        assert!(!over.is_safe() && over.warnings.len() == 1);
    }

    #[test]
    fn another_entity() {
        let now = NOW.parse().unwrap();
        let read = |xml: &str| Inventory::read(xml.as_bytes(), now).unwrap();
        let rollover = Rollover::plan(&read(ENTRA), &read(&idp_with(&["active"])), now);
        assert!(rollover.warnings[0].contains("more than a change of keys"));
        let rollover = Rollover::plan(&read(ENTRA), &read(AWS_IAM), now);
        assert!(rollover.warnings[0].contains("metadata of its own") && !rollover.is_safe());
        let rollover = Rollover::plan(&read(AWS_IAM), &read(AWS_IAM), now);
        assert!(rollover.warnings[0].contains("has no identity provider") && !rollover.is_safe());
    }
}
