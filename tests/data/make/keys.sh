#!/bin/sh
# Makes the keys that tests sign with, and a certificate for each. Run once; what it made is
# committed. The keys are made for tests and protect nothing.
set -eu
cd "$(dirname "$0")/../keys"
make() {
    name=$1; shift
    {
        echo "A key made for tests. It signs nothing but what tests make."
        openssl genpkey -quiet "$@"
    } > "$name.test-only.pem"
    openssl req -x509 -new -key "$name.test-only.pem" -subj "/CN=$name, for tests" -days 7300 -out "$name.crt.pem"
}
make rsa-2048 -algorithm RSA -pkeyopt rsa_keygen_bits:2048
make rsa-1024 -algorithm RSA -pkeyopt rsa_keygen_bits:1024
make p256 -algorithm EC -pkeyopt ec_paramgen_curve:P-256
make p384 -algorithm EC -pkeyopt ec_paramgen_curve:P-384
make p521 -algorithm EC -pkeyopt ec_paramgen_curve:P-521
# A public key without a certificate, and a private key that asks for a passphrase.
openssl pkey -in p256.test-only.pem -pubout -out p256.pub.pem
{
    echo "A key made for tests. It signs nothing."
    openssl pkcs8 -topk8 -in p256.test-only.pem -passout pass:x
} > passphrase.test-only.pem
