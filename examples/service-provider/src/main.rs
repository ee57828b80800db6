//! Runs the example: `service-provider IDP-METADATA ENTITY-ID BASE-URL [ADDRESS]`. It speaks plain
//! HTTP and has to stand behind something that speaks HTTPS.

use std::error::Error;

use samlkit::metadata::Metadata;
use samlkit::names::binding;
use samlkit::sp::{IdentityProvider, ServiceProvider};
use samlkit::xml::Document;
use service_provider::{Configuration, app};

#[allow(clippy::disallowed_methods, reason = "this is a program")]
fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (file, entity_id, base, address) = match words.as_slice() {
        [file, entity_id, base] => (file, entity_id, base, "127.0.0.1:8080"),
        [file, entity_id, base, address] => (file, entity_id, base, address.as_str()),
        _ => return Err("usage: service-provider IDP-METADATA ENTITY-ID BASE-URL [ADDRESS]".into()),
    };
    let bytes = std::fs::read(file)?;
    let document = Document::parse(&bytes)?;
    let entity =
        Metadata::read(&document)?.entities().next().ok_or("the metadata has no entity")?;
    let services = entity.idp_roles().flat_map(|idp| &idp.single_sign_on_services);
    let mut redirect = services.filter(|service| service.has_binding(binding::HTTP_REDIRECT));
    let sign_on = redirect.next().and_then(|service| service.location.as_ref());
    let configuration = Configuration {
        sp: ServiceProvider::builder(entity_id)
            .acs(format!("{}/saml/acs", base.trim_end_matches('/')))
            .build()?,
        // The file was downloaded from the vendor over HTTPS, which is all that vouches for it.
        idp: IdentityProvider::on_trust(&entity, std::time::SystemTime::now().into())?,
        sign_on_url: sign_on.ok_or("the metadata has no HTTP-Redirect sign-on")?.text().to_owned(),
    };
    let runtime = tokio::runtime::Runtime::new();
    runtime?.block_on(async {
        let listener = tokio::net::TcpListener::bind(address).await?;
        eprintln!("listening on {}", listener.local_addr()?);
        axum::serve(listener, app(configuration)).await?;
        Ok(())
    })
}
