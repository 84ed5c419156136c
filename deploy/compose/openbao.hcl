# The OpenBao of compose and of the chart. It unseals itself with a key of the secrets’ folder, and sets itself up at its first start, as deploy/vault
# says: no root token ever exists. Afterwards whoever is "admin" changes things; what stands below "initialize" is not read again.

storage "raft" {
  path                   = "/data"
  node_id                = "openbao"
  performance_multiplier = "1"
}

listener "tcp" {
  address       = "0.0.0.0:8200"
  tls_cert_file = "/run/secrets/openbao_cert"
  tls_key_file  = "/run/secrets/openbao_key"
}

api_addr     = "https://openbao:8200"
cluster_addr = "https://127.0.0.1:8201"

# Where there is a KMS or another Vault, let that unseal it.
seal "static" {
  current_key_id = "1"
  current_key    = "file:///run/secrets/openbao_unseal_key"
}

initialize "stores" {
  request "values" {
    operation = "update"
    path      = "sys/mounts/secret"
    data      = { type = "kv", options = { version = "2" } }
  }
  request "keys" {
    operation = "update"
    path      = "sys/mounts/transit"
    data      = { type = "transit" }
  }
  request "root-of-signatures" {
    operation = "update"
    path      = "transit/keys/fingerpost-root"
    data      = { type = "ed25519" }
  }
}

initialize "policies" {
  request "secrets" {
    operation = "update"
    path      = "sys/policies/acl/fingerpost-secrets"
    data      = { policy = { eval_type = "string", eval_source = "file", path = "/etc/openbao/policies/secrets.hcl" } }
  }
  request "root" {
    operation = "update"
    path      = "sys/policies/acl/fingerpost-root"
    data      = { policy = { eval_type = "string", eval_source = "file", path = "/etc/openbao/policies/root.hcl" } }
  }
  request "admin" {
    operation = "update"
    path      = "sys/policies/acl/admin"
    data      = { policy = "path \"*\" { capabilities = [\"create\", \"read\", \"update\", \"patch\", \"delete\", \"list\", \"sudo\"] }" }
  }
}

initialize "secrets-service" {
  request "login" {
    operation = "update"
    path      = "sys/auth/approle"
    data      = { type = "approle" }
  }
  request "role" {
    operation = "update"
    path      = "auth/approle/role/fingerpost-secrets"
    data = {
      token_policies          = ["fingerpost-secrets", "fingerpost-root"]
      token_no_default_policy = true
      token_ttl               = "1h"
      token_max_ttl           = "24h"
    }
  }
  request "role-id" {
    operation = "update"
    path      = "auth/approle/role/fingerpost-secrets/role-id"
    data      = { role_id = { eval_type = "string", eval_source = "file", path = "/run/secrets/openbao_role_id" } }
  }
  request "secret-id" {
    operation = "update"
    path      = "auth/approle/role/fingerpost-secrets/custom-secret-id"
    data      = { secret_id = { eval_type = "string", eval_source = "file", path = "/run/secrets/openbao_secret_id" } }
  }
}

initialize "people" {
  request "login" {
    operation = "update"
    path      = "sys/auth/userpass"
    data      = { type = "userpass" }
  }
  request "admin" {
    operation = "update"
    path      = "auth/userpass/users/admin"
    data = {
      password       = { eval_type = "string", eval_source = "file", path = "/run/secrets/openbao_admin_password" }
      token_policies = ["admin"]
      token_ttl      = "1h"
    }
  }
}
