//! What a cryptographic library computes for this crate, behind free functions over octets. One file
//! for each library; nothing else in the project names one.

mod openssl;

pub use self::openssl::library;
pub(crate) use self::openssl::{
    Hash, Hasher, PrivateHandle, PublicHandle, certificate, decrypt, is_equal, is_possible,
    is_same, kind, private_key_from_pem, public_key_from_der, public_of, rsa_public_key, sign,
    unwrap_key, verify,
};

use crate::algorithm::Digest;

impl Digest {
    /// The value of the function for these octets.
    pub fn value(self, octets: &[u8]) -> Vec<u8> {
        let mut hasher = Hasher::new(self);
        hasher.update(octets);
        hasher.finish().octets().to_vec()
    }
}
