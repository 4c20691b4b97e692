# What the resource type postgres promises; sensitive outputs become secrets.
output "host" {
  value = var.host
}

output "port" {
  value = var.port
}

output "name" {
  value = postgresql_database.main.name
}

output "username" {
  value     = postgresql_role.owner.name
  sensitive = true
}

output "password" {
  value     = random_password.owner.result
  sensitive = true
}
