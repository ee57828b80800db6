//! What changed between two metadata files in terms of trust: who it is, by which keys, at which
//! addresses, until when. Order, white space, contacts and names for display are no change.

use std::collections::{BTreeMap, BTreeSet};

use crate::inventory::Inventory;
use crate::report::{CertificateCard, EntityCard};
use crate::rules::certificate::describe;

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The entity, as the new file names it, or as the old one did where it is gone.
    pub entity: String,
    /// What: `signing key`, `SingleSignOnService`, `entity ID` and the like.
    pub what: String,
    /// What was there; `None` where it is new.
    pub old: Option<String>,
    /// What is there now; `None` where it is gone.
    pub new: Option<String>,
}

/// The changes from one file to the other, in the order of entities. Two files of one entity each are
/// compared even where the entity ID is another.
pub fn diff(old: &Inventory, new: &Inventory) -> Vec<Change> {
    let mut changes = Vec::new();
    push("", "validUntil", &old.valid_until, &new.valid_until, &mut changes);
    if let ([old], [new]) = (old.entities.as_slice(), new.entities.as_slice()) {
        of_entity(old, new, &mut changes);
        return changes;
    }
    let (old, new) = (by_id(old), by_id(new));
    for id in old.keys().chain(new.keys()).collect::<BTreeSet<_>>() {
        match (old.get(id), new.get(id)) {
            (Some(old), Some(new)) => of_entity(old, new, &mut changes),
            (old, new) => {
                let words = |card: Option<&&EntityCard>| card.map(|card| card.roles.join(", "));
                push(id, "entity", &words(old), &words(new), &mut changes);
            }
        }
    }
    changes
}

/// The entities by their IDs.
fn by_id(inventory: &Inventory) -> BTreeMap<&str, &EntityCard> {
    let entities = inventory.entities.iter();
    entities.map(|entity| (entity.entity_id.as_deref().unwrap_or_default(), entity)).collect()
}

fn of_entity(old: &EntityCard, new: &EntityCard, changes: &mut Vec<Change>) {
    let entity = new.entity_id.as_ref().or(old.entity_id.as_ref()).cloned().unwrap_or_default();
    push(&entity, "entity ID", &old.entity_id, &new.entity_id, changes);
    push(&entity, "validUntil", &old.valid_until, &new.valid_until, changes);
    let all = [
        (keys(old), keys(new)),
        (endpoints(old), endpoints(new)),
        (named("role", &old.roles), named("role", &new.roles)),
        (named("NameIDFormat", &old.name_id_formats), named("NameIDFormat", &new.name_id_formats)),
        (signing(old), signing(new)),
    ];
    for (old, new) in all {
        for (what, value) in old.difference(&new) {
            push(&entity, what, &Some(value.clone()), &None, changes);
        }
        for (what, value) in new.difference(&old) {
            push(&entity, what, &None, &Some(value.clone()), changes);
        }
    }
}

fn push(
    entity: &str,
    what: &str,
    old: &Option<String>,
    new: &Option<String>,
    changes: &mut Vec<Change>,
) {
    if old != new {
        let (entity, what) = (entity.to_owned(), what.to_owned());
        changes.push(Change { entity, what, old: old.clone(), new: new.clone() });
    }
}

type Facts = BTreeSet<(String, String)>;

fn keys(card: &EntityCard) -> Facts {
    let of_use = |key: &CertificateCard| {
        let certificate = match &key.certificate {
            Ok(certificate) => describe(certificate),
            Err(error) => format!("unreadable: {error}"),
        };
        // A key for both is there for each of them.
        let uses = key.key_use.split(" and ").map(|one| format!("{one} key"));
        uses.map(|one| (one, certificate.clone())).collect::<Vec<_>>()
    };
    card.certificates.iter().flat_map(of_use).collect()
}

fn endpoints(card: &EntityCard) -> Facts {
    let endpoints = card.endpoints.iter();
    endpoints.map(|e| (e.service.to_owned(), format!("{} · {}", e.location, e.binding))).collect()
}

fn named(what: &str, values: &[String]) -> Facts {
    values.iter().map(|value| (what.to_owned(), value.clone())).collect()
}

fn signing(card: &EntityCard) -> Facts {
    card.signing.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    fn between(old: &str, new: &str) -> Vec<(String, bool, bool)> {
        let read = |xml: &str| Inventory::read(xml.as_bytes(), NOW.parse().unwrap()).unwrap();
        let changes = diff(&read(old), &read(new)).into_iter();
        changes.map(|c| (c.what, c.old.is_some(), c.new.is_some())).collect()
    }

    #[test]
    fn keys_and_endpoints_come_and_go() {
        let changes = between(&idp_with(&["active"]), &idp_with(&["active", "next"]));
        assert_eq!(changes, [("signing key".to_owned(), false, true)]);
        let moved = with(idp(), "https://idp.example.org/sso", "https://idp.example.org/sso2");
        let expected = [
            ("SingleSignOnService".to_owned(), true, false),
            ("SingleSignOnService".to_owned(), false, true),
        ];
        assert_eq!(between(&idp(), &moved), expected);
    }

    #[test]
    fn another_entity_and_another_flag() {
        let other = with(
            idp(),
            "entityID=\"https://idp.example.org/\"",
            "entityID=\"https://idp.example.org\"",
        );
        assert_eq!(between(&idp(), &other), [("entity ID".to_owned(), true, true)]);
        let wanting = with(
            idp(),
            "<IDPSSODescriptor ",
            "<IDPSSODescriptor WantAuthnRequestsSigned=\"true\" ",
        );
        assert_eq!(
            between(&idp(), &wanting),
            [("WantAuthnRequestsSigned".to_owned(), false, true)]
        );
        let until = with(
            idp(),
            "<EntityDescriptor ",
            "<EntityDescriptor validUntil=\"2027-01-01T00:00:00Z\" ",
        );
        assert_eq!(between(&idp(), &until), [("validUntil".to_owned(), false, true)]);
    }

    #[test]
    fn entities_of_groups() {
        let both = group(&[idp(), sp()]);
        let one = group(&[idp()]);
        assert_eq!(between(&both, &one), [("entity".to_owned(), true, false)]);
        assert_eq!(between(&both, &group(&[sp(), idp()])), []);
    }

    #[test]
    fn what_is_no_change() {
        let written = with(idp(), "><IDPSSODescriptor", ">\n  <IDPSSODescriptor");
        assert_eq!(between(&idp(), &written), []);
        assert_eq!(between(ENTRA, ENTRA), []);
    }
}
