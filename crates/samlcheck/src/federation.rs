//! Both sides of a federation beside one another: what each says of itself, what each has to know of the
//! other, and what the two files cannot prove. And the values to type in, in the words of the portals.
//!
//! Sources: Microsoft's tutorials for the three gallery apps, the IAM Identity Center User Guide (external
//! identity providers), the IAM API (CreateSAMLProvider), the Client VPN Administrator Guide.

use crate::profile::{IdpProfile, SpProfile};
use crate::profiles::aws_iam;
use crate::report::{CertificateCard, EntityCard};

/// The two sides.
#[derive(Clone, Debug)]
pub struct Federation {
    /// The identity provider.
    pub idp: EntityCard,
    /// The service provider.
    pub sp: EntityCard,
    /// The name of the identity provider's file.
    pub idp_file: String,
    /// The name that the file gets without its byte order mark, if it has one: AWS IAM does not take that.
    pub repaired_file: Option<String>,
    /// Whether a response between the two was looked at as well.
    pub has_response: bool,
}

/// A page of a portal, or a command, and what goes into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Where it is.
    pub place: String,
    /// The fields and their values; several values of one field follow one another under its name.
    pub values: Vec<(&'static str, String)>,
}

const BASIC: &str =
    "Entra admin center > Enterprise apps > (app) > Single sign-on > Basic SAML Configuration";
const CLAIMS: &str =
    "Entra admin center > Enterprise apps > (app) > Single sign-on > Attributes & Claims";
const SIGNING: &str =
    "Entra admin center > Enterprise apps > (app) > Single sign-on > SAML certificates > Edit";

impl Federation {
    fn sp_is(&self, profile: SpProfile) -> bool {
        self.sp.provider.is_some() && self.sp.provider == profile.display()
    }

    fn idp_is_entra(&self) -> bool {
        self.idp.provider == IdpProfile::Entra.display()
    }

    /// The rows of the table: a label, what the identity provider says, what the service provider says.
    pub fn rows(&self) -> Vec<(&'static str, Vec<String>, Vec<String>)> {
        let id = |card: &EntityCard| vec![card.entity_id.clone().unwrap_or_default()];
        let keys = |card: &EntityCard, key_use: &str, none: &str| {
            let of_use = card.certificates.iter().filter(|key| key.key_use.contains(key_use));
            let line = |key: &CertificateCard| match &key.certificate {
                Ok(certificate) => {
                    let print = certificate.sha256_hex();
                    let start = print.get(..11).unwrap_or_default().to_owned();
                    format!("{start}… until {}", certificate.not_after.format("%Y-%m-%d"))
                }
                Err(error) => format!("unreadable: {error}"),
            };
            let lines: Vec<String> = of_use.map(line).collect();
            if lines.is_empty() { vec![none.to_owned()] } else { lines }
        };
        let short = |format: &String| format.rsplit(':').next().unwrap_or(format).to_owned();
        let formats = |card: &EntityCard, none: &str| match card.name_id_formats.as_slice() {
            [] => vec![none.to_owned()],
            all => vec![all.iter().map(short).collect::<Vec<_>>().join(", ")],
        };
        let service = |card: &EntityCard, service: &str| {
            let of_service = card.endpoints.iter().filter(|endpoint| endpoint.service == service);
            let lines = of_service.map(|e| format!("{} · {}", e.binding, e.location));
            lines.collect::<Vec<_>>()
        };
        let who =
            |card: &EntityCard| vec![card.provider.unwrap_or("no vendor known here").to_owned()];
        let mut of_sp = keys(&self.sp, "signing", "no key in the file");
        if !self.sp.says("AuthnRequestsSigned") {
            of_sp.push("its requests are not signed".to_owned());
        }
        vec![
            ("who", who(&self.idp), who(&self.sp)),
            ("entity ID", id(&self.idp), id(&self.sp)),
            (
                "is reached at",
                service(&self.idp, "SingleSignOnService"),
                service(&self.sp, "AssertionConsumerService"),
            ),
            ("signs with", keys(&self.idp, "signing", "no key in the file"), of_sp),
            (
                "is encrypted for",
                keys(&self.idp, "encryption", "nothing"),
                keys(&self.sp, "encryption", "nothing: assertions come in the clear"),
            ),
            (
                "NameID",
                formats(&self.idp, "lists none: the claim decides"),
                formats(&self.sp, "lists none: it takes any"),
            ),
        ]
    }

    /// Who believes whom, and why: a sentence for each direction.
    pub fn trust(&self) -> [String; 2] {
        let keys =
            self.idp.certificates.iter().filter(|key| key.key_use.contains("signing")).count();
        let keys = match keys {
            0 => "by no key: the file has none".to_owned(),
            1 => "by the one key in this file".to_owned(),
            count => format!("by one of the {count} keys in this file, whichever is active"),
        };
        let back = if self.sp.says("AuthnRequestsSigned") {
            "the identity provider believes requests that its keys sign, where verification is on there"
        } else {
            "the identity provider believes nobody: it answers whoever asks, and only to reply URLs that \
             were typed into it"
        };
        [
            format!("the service provider believes assertions signed {keys}; it has to have them"),
            back.to_owned(),
        ]
    }

    /// What the two files cannot prove, and which further file would.
    pub fn not_proven(&self) -> Vec<String> {
        let mut open = Vec::new();
        if !self.has_response {
            open.push(
                "that the ACS URLs are reply URLs at the identity provider: its metadata holds none. A \
                 response between the two would prove it: --response FILE"
                    .to_owned(),
            );
            open.push(
                "that the NameID and the claims are what the service provider takes: a response would \
                 prove it"
                    .to_owned(),
            );
        }
        open.push(format!(
            "that the service provider has the keys of this file: what it has would prove it, such as the \
             JSON of aws iam get-saml-provider: samlcheck rollover --idp {} --trusted FILE",
            self.idp_file
        ));
        open.push(
            "that the user is assigned to the app, and known to the service provider: no file of SAML's \
             says it"
                .to_owned(),
        );
        open
    }

    /// What to type into each side.
    pub fn values(&self) -> Vec<Page> {
        let mut pages = self.for_idp();
        pages.extend(self.for_sp());
        pages
    }

    fn for_idp(&self) -> Vec<Page> {
        let is_entra = self.idp_is_entra();
        let place = |page: &str| {
            if is_entra { page.to_owned() } else { "at the identity provider".to_owned() }
        };
        let mut basic =
            vec![("Identifier (Entity ID)", self.sp.entity_id.clone().unwrap_or_default())];
        let mut urls: Vec<_> =
            self.sp.endpoints.iter().filter(|e| e.service == "AssertionConsumerService").collect();
        // The default comes first; the others keep their order.
        urls.sort_by_key(|endpoint| !endpoint.is_default);
        basic.extend(urls.iter().map(|endpoint| {
            ("Reply URL (Assertion Consumer Service URL)", endpoint.location.clone())
        }));
        let mut pages = vec![Page { place: place(BASIC), values: basic }];
        let mut claims = Vec::new();
        let name_id = "Unique User Identifier (Name ID)";
        if self.sp_is(SpProfile::IdentityCenter) || self.sp_is(SpProfile::ClientVpn) {
            claims.push((name_id, "user.userprincipalname".to_owned()));
            claims.push(("Name identifier format", "Email address".to_owned()));
        }
        if self.sp_is(SpProfile::AwsIam) {
            claims.push((name_id, "user.userprincipalname".to_owned()));
            claims.push((aws_iam::ROLE, "user.assignedroles".to_owned()));
            claims.push((aws_iam::ROLE_SESSION_NAME, "user.userprincipalname".to_owned()));
            claims.push((aws_iam::SESSION_DURATION, "900 to 43200, if wanted".to_owned()));
        }
        if self.sp_is(SpProfile::ClientVpn) {
            claims.push(("FirstName", "user.givenname".to_owned()));
            claims.push(("LastName", "user.surname".to_owned()));
            claims.push(("memberOf", "groups, if rules for groups are in use".to_owned()));
            let web = urls.iter().map(|endpoint| {
                format!("{{\"url\": \"{}\", \"type\": \"Web\"}}", endpoint.location)
            });
            let web: Vec<String> = web.collect();
            pages.push(Page {
                place: "Entra admin center > App registrations > (app) > Manifest, where the page \
                        refuses http"
                    .to_owned(),
                values: vec![("replyUrlsWithType", format!("[{}]", web.join(", ")))],
            });
        }
        if !claims.is_empty() {
            pages.push(Page { place: place(CLAIMS), values: claims });
        }
        let option = match () {
            () if self.sp_is(SpProfile::ClientVpn) => "Sign SAML response and assertion",
            () if self.sp.says("WantAssertionsSigned") => "Sign SAML assertion",
            () => "Sign SAML assertion, or response and assertion",
        };
        let signing =
            [("Signing option", option.to_owned()), ("Signing algorithm", "SHA-256".to_owned())];
        pages.push(Page { place: place(SIGNING), values: signing.to_vec() });
        pages
    }

    fn for_sp(&self) -> Vec<Page> {
        let file = &self.idp_file;
        let id = self.idp.entity_id.clone().unwrap_or_default();
        let sign_on = self.idp.endpoints.iter().filter(|e| e.service == "SingleSignOnService");
        let url = |binding: &str| {
            let mut of_binding = sign_on.clone().filter(|endpoint| endpoint.binding == binding);
            of_binding.next().map(|endpoint| endpoint.location.clone())
        };
        let sign_on = url("HTTP-POST").or_else(|| url("HTTP-Redirect")).unwrap_or_default();
        let taken = self.repaired_file.as_ref().unwrap_or(file);
        let create = format!(
            "aws iam create-saml-provider --name NAME --saml-metadata-document file://{taken}"
        );
        let repair = self.repaired_file.iter().map(|repaired| {
            let command = format!("samlcheck fix {file} --strip-bom --output {repaired}");
            ("first, because AWS takes no byte order mark", command)
        });
        let commands = repair.chain([("command", create)]);
        let metadata = ("IdP SAML metadata", format!("upload {file}"));
        if self.sp_is(SpProfile::IdentityCenter) {
            let values = vec![
                metadata,
                ("or: IdP sign-in URL", sign_on),
                ("or: IdP issuer URL", id),
                ("or: IdP certificate", "the active certificate, in PEM".to_owned()),
            ];
            let place = "IAM Identity Center > Settings > Identity source > Actions > Change identity \
                         source > External identity provider";
            return vec![Page { place: place.to_owned(), values }];
        }
        if self.sp_is(SpProfile::AwsIam) || self.sp_is(SpProfile::ClientVpn) {
            let place = "AWS CLI; in the console: IAM > Identity providers > Add provider > SAML";
            let mut pages = vec![Page { place: place.to_owned(), values: commands.collect() }];
            if self.sp_is(SpProfile::ClientVpn) {
                let option =
                    "Type=federated-authentication,FederatedAuthentication={SAMLProviderArn=ARN}";
                pages.push(Page {
                    place: "aws ec2 create-client-vpn-endpoint".to_owned(),
                    values: vec![("--authentication-options", option.to_owned())],
                });
            }
            return pages;
        }
        let values = vec![metadata, ("entity ID", id), ("sign-on URL", sign_on)];
        vec![Page { place: "at the service provider".to_owned(), values }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::Inventory;
    use crate::rules::testing::*;

    fn federation(sp: &str) -> Federation {
        let read = |xml: &str| {
            let inventory = Inventory::read(xml.as_bytes(), NOW.parse().unwrap()).unwrap();
            inventory.entities.into_iter().next().unwrap()
        };
        Federation {
            idp: read(ENTRA),
            sp: read(sp),
            idp_file: "idp.xml".to_owned(),
            repaired_file: Some("idp.fixed.xml".to_owned()),
            has_response: false,
        }
    }

    fn all_values(sp: &str) -> String {
        let pages = federation(sp).values();
        let lines = pages
            .iter()
            .flat_map(|page| &page.values)
            .map(|(name, value)| format!("{name}={value}"));
        lines.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn values_for_each_service_provider_of_aws() {
        let center = all_values(IDENTITY_CENTER);
        assert!(center.contains("Name identifier format=Email address"));
        assert!(center.contains("IdP issuer URL=https://sts.windows.net/5b0e8c1e"));
        let urls = center.matches("Reply URL").count();
        assert_eq!(urls, IDENTITY_CENTER.matches("<md:AssertionConsumerService").count());
        let iam = all_values(AWS_IAM);
        assert!(iam.contains("Attributes/Role=user.assignedroles"));
        assert!(iam.contains("fix idp.xml --strip-bom") && iam.contains("file://idp.fixed.xml"));
        let vpn = all_values(CLIENT_VPN);
        assert!(
            vpn.contains("\"http://127.0.0.1:35001\"") && vpn.contains("response and assertion")
        );
        assert!(all_values(&sp()).contains("entity ID=https://sts.windows.net/"));
    }

    #[test]
    fn both_sides_have_every_row() {
        for (label, idp, sp) in federation(IDENTITY_CENTER).rows() {
            assert!(!idp.is_empty() && !sp.is_empty(), "{label}");
        }
        let open = federation(IDENTITY_CENTER).not_proven();
        assert!(open.iter().any(|sentence| sentence.contains("--response FILE")));
        let with = Federation { has_response: true, ..federation(IDENTITY_CENTER) };
        assert_eq!(with.not_proven().len(), open.len() - 2);
    }
}
