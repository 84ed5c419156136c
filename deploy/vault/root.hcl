# The root of the signing keys in Transit: the secrets service signs with it and reads its public half. It cannot take it out, rotate it,
# or use any other key.

path "transit/sign/fingerpost-root" {
  capabilities = ["update"]
}
path "transit/keys/fingerpost-root" {
  capabilities = ["read"]
}
