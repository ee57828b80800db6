//! Who an entity is: the vendors that have a profile, how each is detected, and what its
//! identifiers tell. What a vendor publishes and accepts is a table in [`profiles`](crate::profiles).

use samlkit::metadata::EntityDescriptor;

use crate::profiles::{aws_iam, client_vpn, entra, identity_center};

/// Facts for the card: a label and a value.
pub type Facts = Vec<(&'static str, String)>;

/// The identity providers that are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum IdpProfile {
    /// Microsoft Entra ID, in any of its clouds.
    Entra,
    /// Any other.
    Other,
}

/// The service providers that are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SpProfile {
    /// AWS IAM Identity Center.
    IdentityCenter,
    /// AWS IAM: a SAML provider and AssumeRoleWithSAML.
    AwsIam,
    /// AWS Client VPN.
    ClientVpn,
    /// Any other.
    Other,
}

impl IdpProfile {
    /// All of them, with the names that the command line has for them.
    pub const ALL: [(&str, Self); 2] = [("entra", Self::Entra), ("other", Self::Other)];

    /// Who the entity's identity provider is.
    pub fn detect(entity: &EntityDescriptor<'_>) -> Self {
        if entra::is(entity) { Self::Entra } else { Self::Other }
    }

    /// Whose this entity ID is.
    pub(crate) fn of(id: &str) -> Self {
        if entra::cloud_of_url(id).is_some() { Self::Entra } else { Self::Other }
    }

    /// The vendor's name for it.
    pub fn display(self) -> Option<&'static str> {
        match self {
            Self::Entra => Some("Microsoft Entra ID"),
            Self::Other => None,
        }
    }

    /// What the identifiers of the entity tell.
    pub fn facts(self, entity: &EntityDescriptor<'_>) -> Facts {
        match self {
            Self::Entra => entra::facts(entity),
            Self::Other => Facts::new(),
        }
    }
}

impl SpProfile {
    /// All of them, with the names that the command line has for them.
    pub const ALL: [(&str, Self); 4] = [
        ("identity-center", Self::IdentityCenter),
        ("aws-iam", Self::AwsIam),
        ("client-vpn", Self::ClientVpn),
        ("other", Self::Other),
    ];

    /// Who the entity's service provider is.
    pub fn detect(entity: &EntityDescriptor<'_>) -> Self {
        let ids: Vec<&str> =
            std::iter::once(entity_id(entity)).chain(acs_locations(entity)).collect();
        Self::of(&ids)
    }

    /// Whose these entity IDs and ACS URLs are.
    pub(crate) fn of(ids: &[&str]) -> Self {
        let any = |is: fn(&str) -> bool| ids.iter().any(|id| is(id));
        if any(identity_center::looks_like) {
            Self::IdentityCenter
        } else if any(client_vpn::is_ours) {
            Self::ClientVpn
        } else if any(aws_iam::is_ours) {
            Self::AwsIam
        } else {
            Self::Other
        }
    }

    /// The vendor's name for it.
    pub fn display(self) -> Option<&'static str> {
        match self {
            Self::IdentityCenter => Some("AWS IAM Identity Center"),
            Self::AwsIam => Some("AWS IAM"),
            Self::ClientVpn => Some("AWS Client VPN"),
            Self::Other => None,
        }
    }

    /// What the identifiers of the entity tell.
    pub fn facts(self, entity: &EntityDescriptor<'_>) -> Facts {
        match self {
            Self::IdentityCenter => identity_center::facts(entity),
            _ => Facts::new(),
        }
    }
}

/// The locations of the entity's assertion consumer services, as written.
pub(crate) fn acs_locations<'e>(entity: &'e EntityDescriptor<'_>) -> impl Iterator<Item = &'e str> {
    let services = entity.sp_roles().flat_map(|sp| &sp.assertion_consumer_services);
    services.filter_map(|service| Some(service.location.as_ref()?.trimmed()))
}

/// The entity ID, or nothing.
pub(crate) fn entity_id<'e>(entity: &'e EntityDescriptor<'_>) -> &'e str {
    entity.entity_id.as_ref().map_or("", |id| id.trimmed())
}
