//! Whatever the metadata says: no panic, and every value stands where it says that it does.
#![no_main]

use samlkit::Value;
use samlkit::metadata::{Metadata, Role};
use samlkit::xml::Document;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(document) = Document::parse(bytes) else { return };
    let Ok(metadata) = Metadata::read(&document) else { return };
    let text = document.text();
    let stands = |value: &Option<Value<'_>>| {
        if let Some(value) = value {
            assert!(text.get(value.range()).is_some());
        }
    };
    for entity in metadata.entities() {
        stands(&entity.entity_id);
        stands(&entity.valid_until);
        for role in entity.roles.iter().map(Role::common) {
            stands(&role.protocol_support_enumeration);
            for certificate in role.key_descriptors.iter().flat_map(|key| &key.certificates) {
                let _ = certificate.decode();
            }
        }
        for endpoint in entity.sp_roles().flat_map(|sp| sp.endpoints()) {
            stands(&endpoint.location);
        }
        for endpoint in entity.idp_roles().flat_map(|idp| idp.endpoints()) {
            stands(&endpoint.location);
        }
    }
    let _ = metadata.groups().count();
});
