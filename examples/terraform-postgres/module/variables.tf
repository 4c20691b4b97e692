variable "app" {
  description = "id of the application, for the name"
  type        = string
}

variable "env" {
  description = "id of the environment, for the name"
  type        = string
}

variable "resource" {
  description = "globally unique id of the resource: the same for all workloads that share it"
  type        = string
}

variable "host" {
  description = "host name of the PostgreSQL server, as the workloads and the runner reach it"
  type        = string
}

variable "port" {
  type    = number
  default = 5432
}

variable "sslmode" {
  description = "disable, require, verify-ca or verify-full"
  type        = string
  default     = "require"
}

variable "admin_username" {
  description = "role that may create roles and databases"
  type        = string
}

variable "admin_password" {
  type      = string
  sensitive = true
}

variable "admin_is_superuser" {
  description = "false where the provider of the server keeps that to itself, as RDS and Cloud SQL do"
  type        = bool
  default     = false
}
