# What the secrets service may do with the values of integrations: read those under its own prefix, and look after its own token.
# It can write nothing, and sees no other prefix. Other names than secret/ and fingerpost/: change them here and in
# FINGERPOST_VAULT_MOUNT and FINGERPOST_VAULT_PREFIX.

path "secret/data/fingerpost/*" {
  capabilities = ["read"]
}

# Names, versions and bindings, every second: OpenBao tells all of them in one answer, Vault one by one.
path "secret/metadata/fingerpost" {
  capabilities = ["list"]
}
path "secret/detailed-metadata/fingerpost" {
  capabilities = ["list"]
}
path "secret/metadata/fingerpost/*" {
  capabilities = ["read"]
}

path "auth/token/lookup-self" {
  capabilities = ["read"]
}
path "auth/token/renew-self" {
  capabilities = ["update"]
}
path "auth/token/revoke-self" {
  capabilities = ["update"]
}
