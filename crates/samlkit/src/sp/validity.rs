//! Whether metadata may be relied on now: `validUntil` of the entity, of the groups around it and of its
//! roles (saml-metadata 2.3.1, 2.3.2, 2.4.1), and the protocols that a role is for.
//!
//! `cacheDuration` is not looked at: it counts from the moment when the metadata was fetched, which only
//! whoever fetched it knows.

use chrono::{DateTime, Utc};

use super::metadata_error::MetadataError;
use crate::metadata::{EntityDescriptor, RoleDescriptor};
use crate::names::METADATA;
use crate::value::Value;

/// Groups around an entity. Federations have one, or one in another; each is looked at for each entity.
const MOST_GROUPS: usize = 16;

/// The entity ID, which has to be there.
pub(super) fn entity_id<'e>(entity: &'e EntityDescriptor<'_>) -> Result<&'e str, MetadataError> {
    let id = entity.entity_id.as_ref().map(Value::text).filter(|id| !id.is_empty());
    id.ok_or(MetadataError::NoEntityId)
}

/// Whether the entity and the groups around it are still valid.
pub(super) fn check_entity(
    entity: &EntityDescriptor<'_>,
    now: DateTime<Utc>,
) -> Result<(), MetadataError> {
    check("EntityDescriptor", entity.valid_until.as_ref(), now)?;
    // The attribute and nothing else of each group: there may be thousands of entities in it.
    let mut above = entity.element.parent();
    let mut groups: usize = 0;
    while let Some(group) = above.filter(|parent| parent.is(METADATA, "EntitiesDescriptor")) {
        groups = groups.saturating_add(1);
        if groups > MOST_GROUPS {
            return Err(MetadataError::Nesting { most: MOST_GROUPS });
        }
        let valid_until = group.attribute("validUntil").map(Value::of_attribute);
        check("EntitiesDescriptor", valid_until.as_ref(), now)?;
        above = group.parent();
    }
    Ok(())
}

fn check(
    element: &'static str,
    valid_until: Option<&Value<'_>>,
    now: DateTime<Utc>,
) -> Result<(), MetadataError> {
    let Some(written) = valid_until else { return Ok(()) };
    match written.date_time() {
        Some(until) if until > now => Ok(()),
        Some(until) => Err(MetadataError::Expired { element, until }),
        None => Err(MetadataError::ValidUntil { element, found: written.text().to_owned() }),
    }
}

/// The roles that are for SAML 2.0 and still valid, of `roles`; `None` where there are no roles at all.
/// One that is not is passed over if there is another.
pub(super) fn roles_of_saml2<'r, 'doc: 'r, T: 'r>(
    roles: impl Iterator<Item = (T, &'r RoleDescriptor<'doc>)>,
    now: DateTime<Utc>,
) -> Result<Option<Vec<T>>, MetadataError> {
    let (mut usable, mut wrong) = (Vec::new(), None);
    for (role, common) in roles {
        let protocols = common.protocol_support_enumeration.as_ref();
        let checked = if common.supports_saml2() {
            check("role", common.valid_until.as_ref(), now)
        } else {
            let found = protocols.map_or(String::new(), |protocols| protocols.text().to_owned());
            Err(MetadataError::Protocol { found })
        };
        match checked {
            Ok(()) => usable.push(role),
            Err(error) => wrong = wrong.or(Some(error)),
        }
    }
    match (usable.is_empty(), wrong) {
        (false, _) => Ok(Some(usable)),
        (true, Some(error)) => Err(error),
        (true, None) => Ok(None),
    }
}
