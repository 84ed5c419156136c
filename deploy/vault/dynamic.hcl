# Users of a database that are made for one run, and taken back after it. One pair of paths for each role; leases of other paths cannot be
# taken back with this.

path "database/creds/readonly" {
  capabilities = ["read"]
}
path "sys/leases/revoke" {
  capabilities = ["update"]
  allowed_parameters = {
    "lease_id" = ["database/creds/readonly/*"]
    "sync"     = []
  }
}
