# A database of its own, and a role that owns it, in a PostgreSQL server that runs already. Works with Terraform and OpenTofu.
terraform {
  required_version = ">= 1.5"
  required_providers {
    postgresql = {
      source  = "cyrilgdn/postgresql"
      version = "~> 1.25"
    }
    random = {
      source  = "hashicorp/random"
      version = "~> 3.6"
    }
  }
}

provider "postgresql" {
  host      = var.host
  port      = var.port
  username  = var.admin_username
  password  = var.admin_password
  sslmode   = var.sslmode
  superuser = var.admin_is_superuser
}

locals {
  # PostgreSQL cuts names at 63 bytes: the readable part is cut here, and the id keeps the name unique.
  readable = substr(replace("${var.app}_${var.env}", "-", "_"), 0, 46)
  name     = "${local.readable}_${substr(var.resource, 0, 16)}"
}

# Letters and digits only, so that workloads can put it into a URL as it is.
resource "random_password" "owner" {
  length  = 32
  special = false
}

resource "postgresql_role" "owner" {
  name     = local.name
  login    = true
  password = random_password.owner.result
}

resource "postgresql_database" "main" {
  name  = local.name
  owner = postgresql_role.owner.name
}

# Every role may connect to a new database: not to this one.
resource "postgresql_grant" "nobody_else" {
  database    = postgresql_database.main.name
  role        = "public"
  object_type = "database"
  privileges  = []
}
